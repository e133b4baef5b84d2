// Numeric kernels behind one table per precision, the instruction set chosen at run time.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define BP_ENUM(NAME) typedef enum __attribute__((enum_extensibility(closed))) NAME : int32_t

// Element-wise functions of one operand; a and b are the function's constants, if any.
BP_ENUM(BPMap) {
    BPMapCopy,     BPMapNegate,   BPMapSquare, BPMapSqrt,       BPMapAbs,        BPMapExp,
    BPMapLog,      BPMapLog2,     BPMapLog10,  BPMapSin,        BPMapCos,        BPMapTan,
    BPMapAsin,     BPMapAcos,     BPMapAtan,   BPMapSinh,       BPMapCosh,       BPMapFloor,
    BPMapCeil,     BPMapRound,    BPMapSign,   BPMapStep,       BPMapSigmoid,    BPMapTanh,
    BPMapTanhHalf, BPMapRelu,     BPMapLeaky,  BPMapElu,        BPMapSoftplus,   BPMapGelu,
    BPMapSwish,    BPMapClip,     BPMapErf,    BPMapScale, BPMapLeakyDerivative, BPMapClipDerivative,
    BPMapSoftsign, BPMapSelu,     BPMapCelu,   BPMapMish,       BPMapGeluTanh,
    BPMapHardSigmoid,             BPMapHardSwish,
} BPMap;

// Element-wise functions of two operands. The `Back` ones multiply an adjoint (first operand) by
// the slope of an activation, from its input or its output (second operand). `Agrees` is 1 where the
// first operand being at least a constant is what the second says, 0 or 1.
BP_ENUM(BPZip) {
    BPZipAdd,         BPZipSubtract,    BPZipMultiply,    BPZipDivide,   BPZipPower,
    BPZipRemainder,   BPZipMinimum,     BPZipMaximum,     BPZipLess,     BPZipLessOrEqual,
    BPZipGreater,     BPZipGreaterOrEqual, BPZipEqual,    BPZipNotEqual, BPZipAgrees, BPZipPrelu,
    BPZipBinaryCrossEntropy,            BPZipBinaryCrossEntropyDerivative,
    BPZipLeakyBack,   BPZipSigmoidBack, BPZipTanhBack,
} BPZip;

// The norm and the sum of squares are those of everything.
BP_ENUM(BPReduce) {BPReduceSum, BPReduceMaximum, BPReduceMinimum, BPReduceNorm,
                    BPReduceSumOfSquares} BPReduce;

// What a whole row is turned into.
BP_ENUM(BPRow) {BPRowSoftmax, BPRowLogSumExp, BPRowCrossEntropy} BPRow;

BP_ENUM(BPUpdate) {
    BPUpdateSgd,     BPUpdateMomentum, BPUpdateRumelhart, BPUpdateNesterov,
    BPUpdateAdagrad, BPUpdateRmsprop,  BPUpdateAdam,      BPUpdateAdamW,
} BPUpdate;

BP_ENUM(BPPrecision) {BPPrecisionFloat64, BPPrecisionFloat32} BPPrecision;

BP_ENUM(BPInstructionSet) {BPInstructionSetPortable, BPInstructionSetAvx2, BPInstructionSetAvx512} BPInstructionSet;

// A rows×columns strides over operands that may stand still along either direction (broadcasting).
// Column strides are 0 or 1.
typedef struct {
  long rows, columns;
  long aRow, aColumn, bRow, bColumn, cRow, cColumn;
} BPStrides;

// y = op(a) op(b), m×k by k×n. A transposed operand is stored k×m or n×k. `bias`, one number a
// column of y, starts the sums; `accumulate` starts them from y. `scratch` has room for k·n.
typedef struct {
  long m, n, k;
  bool transposeA, transposeB, accumulate;
} BPProduct;

BP_ENUM(BPOperation) {
    BPOperationMap,    BPOperationZip,        BPOperationChoose, BPOperationProduct,
    BPOperationTranspose, BPOperationReduce,  BPOperationRow,    BPOperationAccumulate,
    BPOperationTake,   BPOperationScatter,    BPOperationSpread,
    // What `prepare` makes of steps on few numbers.
    BPOperationSmallMap, BPOperationSmallZip, BPOperationSmallProduct,
    // And of products that have few terms a sum.
    BPOperationShallowProduct,
} BPOperation;

// One call of a kernel with everything it needs: what a program is a list of. What an operation
// does not take stays 0.
typedef struct {
  BPOperation operation;
  // A BPMap, BPZip, BPReduce or BPRow; of a product, the BPMap of its result.
  int32_t function;
  // Of a product, the BPZip of its result with d, where there is one.
  int32_t joint;
  const void *a, *b, *c, *d;
  void *y, *scratch;
  // Of a product, where its numbers are kept as well as they are before the function.
  void *before;
  const long *indices;
  // Rows and columns of what is read; for a list of numbers, one row.
  BPStrides strides;
  BPProduct product;
  // The function's constants, or the factor of a reduction.
  double p, q;
  // Of a reduction: 0 for everything, 1 over the rows, 2 over the columns.
  int axis;
  bool backward;
} BPStep;

// An input of a step: where its rows lie, where those of a step are put, and numbers a row.
typedef struct {
  // Null where rows are read for each step.
  const void *source;
  void *target;
  long width;
} BPFeed;

// A step of a net on so many rows: gather them, run the steps, update.
typedef struct {
  long rows;
  const BPStep *steps;
  long count;
  const BPFeed *feeds;
  long feedCount;
  // Numbers that the steps leave; the metric may be null.
  const void *loss, *metric;
  // What is updated; values are null where that is left to the caller.
  BPUpdate rule;
  void *values, *first, *second;
  const void *gradients;
  long parameters;
} BPNetStage;

// A step of several nets on so many rows: gather each net's rows, run the steps, add up.
typedef struct {
  long rows;
  const BPStep *steps;
  long count;
  // What is gathered: for each feed where it goes, numbers a row, and one source a net.
  long feeds;
  void *const *targets;
  const long *widths;
  const void *const *sources;
  // Numbers of all nets; the metric may be null.
  const void *loss, *metric;
} BPLaneStage;

// Where the nets are: one entry a net in each list.
typedef struct {
  // The numbers of the next rows; nets that do not move stay where they are.
  const int32_t **next;
  bool *moves;
  double *lossByRow, *lossByStep, *metric;
  long *steps;
  // What is updated; values are null where that is left to the caller.
  BPUpdate rule;
  void *values, *first, *second;
  const void *gradients;
  long count;
  // Whether all nets take the same rows of the same numbers: those of this net.
  bool isShared;
  long firstShared;
} BPLaneNets;

// Nets of one shape side by side. An array of numbers has the number of every net at each place
// before it goes on to the next place, so that a vector holds one number of all nets. Each comes to
// the bits that it would come to alone.
typedef struct {
  // How many nets there are: the numbers of a vector.
  long count;
  // Carries out prepared steps whose places, strides and sizes are those of one net. A Scale finds
  // its factors, one a net, in `scratch`.
  void (*run)(const BPStep *steps, long count);
  // So many steps of the nets that move; ends behind a step in which the loss of one is not finite,
  // which then moves no more, its update not made. constants: eight a net, for each step or, where
  // they are fixed, for all. Returns how many steps were made.
  long (*step)(const BPLaneStage *stage, BPLaneNets *nets, long steps, const double *constants,
               bool isFixed);
  // Copies the numbers of the nets that move.
  void (*choose)(const void *x, void *y, long count, const bool *moves);
  // Puts arrays of all nets together, and takes that of one out.
  void (*interleave)(const void *const *x, void *y, long count);
  void (*separate)(const void *x, long net, void *y, long count);
} BPLanes;

typedef struct {
  // Chooses how the steps are carried out, once, before they are run.
  void (*prepare)(BPStep *steps, long count);
  // Carries out the steps in their order.
  void (*run)(const BPStep *steps, long count);
  // Makes a step on the rows of these numbers, or on those that lie there already where null, adds its
  // metric and returns its loss. Where that is not finite, nothing is updated. constants: as for
  // `update`.
  double (*step)(const BPNetStage *stage, const int32_t *rows, const double *constants,
                 double *metric);
  void (*map)(BPMap function, const void *x, void *y, long count, double a, double b);
  void (*product)(const BPProduct *shape, const void *a, const void *b, const void *bias, void *y,
                  void *scratch);
  void (*transpose)(const void *x, void *y, long rows, long columns);
  void (*takeRows)(const void *x, const int32_t *rows, void *y, long count, long width);
  // constants: learning rate first, then the rule's own; see `UpdateKernel`.
  void (*update)(BPUpdate rule, void *parameters, const void *gradients, void *first, void *second,
                 long count, const double *constants);
  void (*mask)(uint64_t seed, uint64_t counter, double keep, void *y, long count);
  // A square matrix becomes its factors L and U, the ones of L's diagonal left out; swaps[j] is the
  // row that row j was exchanged with. False where a pivot is 0.
  // `scratch` has room for n·n.
  bool (*factor)(void *matrix, long n, long *swaps, void *scratch);
  // The right side, n×columns, becomes the solution.
  void (*solve)(const void *factors, long n, const long *swaps, void *right, long columns,
                void *scratch);
  BPLanes lanes;
} BPKernels;

// The table for a precision on the instruction set in use: the best this machine has, or the one
// that BP_KERNELS=portable|avx2|avx512 names, where the machine has it.
const BPKernels *bp_kernels(BPPrecision precision);
// The table for one instruction set, null where this machine lacks it.
const BPKernels *bp_kernels_for(BPPrecision precision, BPInstructionSet set);
BPInstructionSet bp_instruction_set(void);
// Takes no larger set from now on, for a process that computes with others; before anything is
// compiled for a set.
void bp_limit_instruction_set(BPInstructionSet most);

// The library that takes large products: BP_BLAS=off, or a path; otherwise OpenBLAS where it is
// installed. Null without one.
const char *bp_blas_name(void);
// What OpenBLAS says of itself: its version first, and the processor that it computes for, also where
// that is older than this one and nothing is asked of it. Null where there is none, or it says nothing.
const char *bp_blas_configuration(void);
const char *bp_blas_core(void);
// A checksum of products by the library, 0 without one: how it divides sums is not only a matter of
// its version, but of the sizes of caches too.
uint64_t bp_blas_probe(void);
// Multiply-adds from which on a product of this thread goes to the library; returns what was set
// before.
long bp_blas_from(long count);

// How many threads share a large computation: BP_THREADS, or as many as there are processors. The
// bits of a result do not depend on it. Sets it where `count` is above 0; returns what was set.
long bp_threads(long count);

// Calls the body for every part, some of them on other threads, and returns when all are done.
// What a part computes must not depend on the others.
void bp_share(long parts, void (*body)(const void *context, long part), const void *context);
// Whether this thread was started for `bp_share`.
bool bp_is_helper(void);
// One for the process, for something short.
void bp_lock(void);
void bp_unlock(void);

// Treats denormal numbers as zero on this thread, or as themselves again; returns what
// `bp_restore_denormals` takes.
uint64_t bp_flush_denormals(void);
uint64_t bp_keep_denormals(void);
void bp_restore_denormals(uint64_t state);

// Four bytes, each a reason to stop while it is not 0; a handler of signals may write one.
volatile uint8_t *bp_stop_reasons(void);
bool bp_stop_is_requested(void);
// Whether a long computation is to end at once with anything of the right shape: its caller throws
// the result away. Never while somebody holds.
bool bp_cuts_short(void);
// Whether a computation was told so since `bp_forget_cut`.
bool bp_has_cut_short(void);
void bp_forget_cut(void);
// Adds to the number of those whose computations must not be cut short.
void bp_hold(int change);
bool bp_is_held(void);

// Bytes that the allocator has given out, and that the system has free; -1 where it does not say.
long bp_memory_given_out(void);
long bp_memory_free(void);
// Gives the system back what the allocator keeps.
void bp_memory_give_back(void);
// Bytes that the process may address; INT64_MAX for no limit.
long bp_memory_addressable(void);
