#pragma once

#include <stddef.h>
#include <stdint.h>

/// Extends a CRC-32C (Castagnoli) by `count` bytes. Begin with 0; the result of one call is the `crc` of
/// the next. Uses the processor's instruction where there is one.
uint32_t flightlog_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same by tables alone, for tests and for processors without the instruction.
uint32_t flightlog_crc32c_portable(uint32_t crc, const void *bytes, size_t count);
