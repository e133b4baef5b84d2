// The plain loops as a program: `steps` prints what a step takes, `circles` is the whole script of
// circles.bp. Compiled by scripts/bench for the machine at hand.
#include "../../Sources/PlainLoops/loops.c"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static unsigned long long state = 1;
static double uniform(void) {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return (double)(state >> 11) * 0x1p-53;
}
static double normal(void) {
  return sqrt(-2 * log(1 - uniform())) * cos(6.283185307179586 * uniform());
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double x[200], t[100], p[81], q[12];
static int order[100];

static void prepare(void) {
  for (int r = 0; r < 100; r++) {
    double angle = 6.283185307179586 * (r % 50) / 50, radius = r < 50 ? 1 : 0.3;
    x[2 * r] = radius * cos(angle) + 0.15 * normal();
    x[2 * r + 1] = radius * sin(angle) + 0.15 * normal();
    t[r] = r >= 50;
    order[r] = r;
  }
  for (int j = 0; j < 40; j++) p[j] = normal();
  for (int j = 60; j < 80; j++) p[j] = 0.3 * normal();
  for (int j = 0; j < 12; j++) q[j] = uniform() - 0.5;
}

static void shuffle(void) {
  for (int i = 99; i > 0; i--) {
    int j = (int)(uniform() * (i + 1)), other = order[i];
    order[i] = order[j];
    order[j] = other;
  }
}

int main(int count, char **arguments) {
  prepare();
  if (count > 1 && !strcmp(arguments[1], "circles")) {
    double loss = 0;
    for (int epoch = 0; epoch < 100; epoch++) {
      shuffle();
      loss = plain_circles(p, x, t, order, 10, 0.1) / 10;
    }
    printf("trained 100 epochs: loss %g\n", loss);
    return 0;
  }
  const double data[] = {0.05, 0.1}, targets[] = {0.01, 0.99};
  double best[2] = {1e9, 1e9};
  for (int run = 0; run < 15; run++) {
    double start = seconds();
    for (int epoch = 0; epoch < 1000; epoch++) plain_circles(p, x, t, order, 10, 0.1);
    double middle = seconds();
    plain_mazur(q, data, targets, 10000, 0.5);
    double taken[2] = {middle - start, seconds() - middle};
    for (int work = 0; work < 2; work++)
      if (taken[work] < best[work]) best[work] = taken[work];
  }
  printf("2-20-1 batch 10 sgd float64\tC\t%.4f\n", best[0] * 1e6 / 10000);
  printf("2-2-2 batch 1 sgd float64\tC\t%.4f\n", best[1] * 1e6 / 10000);
}
