import Cluster
import Testing

/// What bp does with what mpirun and srun say.
@Suite struct LauncherTests {
  private static let nowhere = ["BP_MPI": "/nowhere/libmpi.so"]

  @Test(arguments: [
    ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "0"], ["PMI_SIZE": "4", "PMI_RANK": "0"],
    [
      "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "0", "PMIX_RANK": "0",
    ],
  ])
  func `without a library of MPI nothing is printed`(_ variables: [String: String]) throws {
    let environment = variables.merging(Self.nowhere) { $1 }
    let first = try Program.run("-e", "print 1", environment: environment)
    #expect(first.status == 3 && first.output.isEmpty)
    #expect(first.errors.contains("started 4 processes, but no library of MPI is there"))
    let others = environment.mapValues { $0 == "0" ? "2" : $0 }
      .merging(["SLURM_STEP_ID": "0"].filter { variables[$0.key] != nil }) { $1 }
    let other = try Program.run("-e", "print 1", environment: others)
    #expect(other.status == 3 && other.output.isEmpty && other.errors.isEmpty)
  }

  @Test func `srun without process management is an error`() throws {
    let result = try Program.run(
      "-e", "print 1",
      environment: [
        "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "0",
      ])
    #expect(result.status == 3 && result.output.isEmpty)
    #expect(result.errors.contains("srun --mpi=pmix"))
  }

  @Test func `one process is none of several`() throws {
    for variables in [
      ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"],
      // A batch script of Slurm, before any srun.
      ["SLURM_NTASKS": "8", "SLURM_PROCID": "0", "SLURM_JOB_ID": "12"],
    ] {
      #expect(Launcher.found { variables[$0] } == nil)
      let result = try Program.run("-e", "print 1", environment: variables)
      #expect(result.output == "1\n")
    }
  }

  @Test(arguments: [["check", "x.bp"], ["--sandbox", "-e", "print 1"], ["-i", "x.bp"]])
  func `only scripts run in several processes`(_ words: [String]) throws {
    let result = try Program.run(
      words, environment: ["OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_RANK": "0"])
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("process"))
  }
}
