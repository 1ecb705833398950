#pragma once
#include <zint.h>

// Swift cannot index a C array of 200 x 144 bytes without a copy of it, so one module is read here.
// Returns 1 for a dark module, 0 for a light one or one outside the symbol.
static inline int yima_zint_module(const struct zint_symbol *symbol, int row, int column) {
  if (row < 0 || row >= symbol->rows || row >= 200) return 0;
  if (column < 0 || column >= symbol->width || column >= 144 * 8) return 0;
  return (symbol->encoded_data[row][column / 8] >> (column % 8)) & 1;
}
