#pragma once
#include <pango/pangocairo.h>
#include <cairo-pdf.h>
// cairo and pango stand on zlib (through libpng); the PDF writer deflates its page contents with it.
#include <zlib.h>
