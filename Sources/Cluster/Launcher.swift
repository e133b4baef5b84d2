import Glibc

/// What a launcher of several processes says in the environment: mpirun, or srun of Slurm.
package struct Launcher {
  package let rank: Int
  package let count: Int
  /// Whose words these are: `mpirun`, `srun`.
  package let name: String
  /// The names of libraries that talk to it, the likeliest first.
  let libraries: [String]
  /// Whether it offers what MPI finds the other processes by.
  let hasProcessManagement: Bool

  private static let openMPI = ["libmpi.so.40", "libmpi.so.80"]
  private static let mpich = ["libmpich.so.12", "libmpi.so.12"]
  private static let either = ["libmpi.so"]

  /// Nil where this process is the only one.
  package static func found(
    environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
  ) -> Launcher? {
    func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
    // Slurm's variables of a job stay set in what mpirun starts in it, so they are looked at last.
    for (rank, count, libraries) in [
      ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", openMPI + either + mpich),
      ("PMI_RANK", "PMI_SIZE", mpich + either + openMPI),
    ] {
      guard let count = number(count), let rank = number(rank) else { continue }
      guard count > 1 else { return nil }
      return Launcher(
        rank: rank, count: count, name: environment("SLURM_STEP_ID") == nil ? "mpirun" : "srun",
        libraries: libraries, hasProcessManagement: true)
    }
    guard environment("SLURM_STEP_ID") != nil, let count = number("SLURM_STEP_NUM_TASKS"),
      count > 1, let rank = number("SLURM_PROCID")
    else { return nil }
    return Launcher(
      rank: rank, count: count, name: "srun", libraries: openMPI + either + mpich,
      hasProcessManagement: environment("PMIX_RANK") != nil)
  }
}
