// What plain C loops reach on two small nets: the yardstick of `bench`. Sizes are known to the
// compiler, everything is float64, the optimizer is plain descent.
#pragma once

// 2-20-1, relu and sigmoid with cross-entropy, batches of 10 rows gathered by `order`.
// parameters: W1 (2×20), b1, W2 (20×1), b2. Returns the summed loss of the steps.
double plain_circles(double *parameters, const double *x, const double *t, const int *order,
                     long steps, double rate);

// 2-2-2, sigmoid twice, half the squared error, one row. parameters: W1 (2×2), b1, W2, b2.
double plain_mazur(double *parameters, const double *x, const double *t, long steps, double rate);
