#include "PlainLoops.h"
#include <math.h>
#include <string.h>

enum { Batch = 10, Hidden = 20 };

double plain_circles(double *p, const double *data, const double *targets, const int *order,
                     long steps, double rate) {
  double *w1 = p, *b1 = p + 2 * Hidden, *w2 = b1 + Hidden, *b2 = w2 + Hidden, total = 0;
  for (long s = 0; s < steps; s++, order += Batch) {
    double x[Batch][2], t[Batch], h[Batch][Hidden], d[Batch], e[Batch][Hidden];
    double g1[2][Hidden] = {{0}}, gb1[Hidden] = {0}, g2[Hidden] = {0}, gb2 = 0, loss = 0;
    for (int r = 0; r < Batch; r++) {
      x[r][0] = data[2 * order[r]];
      x[r][1] = data[2 * order[r] + 1];
      t[r] = targets[order[r]];
    }
    for (int r = 0; r < Batch; r++) {
      double z = *b2;
      for (int j = 0; j < Hidden; j++) {
        double v = b1[j] + x[r][0] * w1[j] + x[r][1] * w1[Hidden + j];
        h[r][j] = v > 0 ? v : 0;
      }
      for (int j = 0; j < Hidden; j++) z += h[r][j] * w2[j];
      double small = exp(-fabs(z));
      loss += (z > 0 ? z : 0) + log1p(small) - z * t[r];
      d[r] = ((z >= 0 ? 1 : small) / (1 + small) - t[r]) / Batch;
    }
    for (int r = 0; r < Batch; r++) {
      gb2 += d[r];
      for (int j = 0; j < Hidden; j++) {
        g2[j] += d[r] * h[r][j];
        e[r][j] = h[r][j] > 0 ? d[r] * w2[j] : 0;
      }
    }
    for (int r = 0; r < Batch; r++)
      for (int j = 0; j < Hidden; j++) {
        gb1[j] += e[r][j];
        g1[0][j] += x[r][0] * e[r][j];
        g1[1][j] += x[r][1] * e[r][j];
      }
    for (int j = 0; j < 2 * Hidden; j++) w1[j] -= rate * (&g1[0][0])[j];
    for (int j = 0; j < Hidden; j++) {
      b1[j] -= rate * gb1[j];
      w2[j] -= rate * g2[j];
    }
    *b2 -= rate * gb2;
    total += loss / Batch;
  }
  return total;
}

static double logistic(double z) { return 1 / (1 + exp(-z)); }

double plain_mazur(double *p, const double *x, const double *t, long steps, double rate) {
  double *w1 = p, *b1 = p + 4, *w2 = p + 6, *b2 = p + 10, total = 0;
  for (long s = 0; s < steps; s++) {
    double h[2], o[2], d[2], e[2];
    for (int j = 0; j < 2; j++) h[j] = logistic(b1[j] + x[0] * w1[j] + x[1] * w1[2 + j]);
    for (int j = 0; j < 2; j++) {
      o[j] = logistic(b2[j] + h[0] * w2[j] + h[1] * w2[2 + j]);
      total += 0.5 * (o[j] - t[j]) * (o[j] - t[j]);
      d[j] = (o[j] - t[j]) * o[j] * (1 - o[j]);
    }
    for (int j = 0; j < 2; j++)
      e[j] = (d[0] * w2[2 * j] + d[1] * w2[2 * j + 1]) * h[j] * (1 - h[j]);
    for (int i = 0; i < 2; i++)
      for (int j = 0; j < 2; j++) {
        w2[2 * i + j] -= rate * d[j] * h[i];
        w1[2 * i + j] -= rate * e[j] * x[i];
      }
    for (int j = 0; j < 2; j++) {
      b1[j] -= rate * e[j];
      b2[j] -= rate * d[j];
    }
  }
  return total;
}
