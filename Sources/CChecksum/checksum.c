#include "checksum.h"

#include <string.h>

// CRC-32C is the polynomial 0x1EDC6F41, reflected (0x82F63B78), with all bits inverted before and after.
// Source: RFC 3720, appendix B.4 has the test vectors.

static uint32_t tables[8][256];

// Tables are made once, before main, so that no call has to look whether they are there.
__attribute__((constructor)) static void make_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1)));
        tables[0][byte] = crc;
    }
    for (uint32_t byte = 0; byte < 256; byte++)
        for (int slice = 1; slice < 8; slice++)
            tables[slice][byte] =
                (tables[slice - 1][byte] >> 8) ^ tables[0][tables[slice - 1][byte] & 0xff];
}

uint32_t flightlog_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
    // Eight bytes at a time, assembled by shifts so that the byte order of the processor does not matter.
    for (; count >= 8; count -= 8, next += 8) {
        uint32_t low = crc ^ ((uint32_t)next[0] | (uint32_t)next[1] << 8 | (uint32_t)next[2] << 16 |
                              (uint32_t)next[3] << 24);
        crc = tables[7][low & 0xff] ^ tables[6][(low >> 8) & 0xff] ^ tables[5][(low >> 16) & 0xff] ^
              tables[4][low >> 24] ^ tables[3][next[4]] ^ tables[2][next[5]] ^ tables[1][next[6]] ^
              tables[0][next[7]];
    }
    for (; count > 0; count--) crc = (crc >> 8) ^ tables[0][(crc ^ *next++) & 0xff];
    return ~crc;
}

#if defined(__x86_64__)

#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_hardware(
    uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint64_t wide = ~crc;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        wide = _mm_crc32_u64(wide, word);
    }
    uint32_t narrow = (uint32_t)wide;
    for (; count > 0; count--) narrow = _mm_crc32_u8(narrow, *next++);
    return ~narrow;
}

static int has_hardware(void) { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)

#include <arm_acle.h>

static uint32_t crc32c_hardware(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        crc = __crc32cd(crc, word);
    }
    for (; count > 0; count--) crc = __crc32cb(crc, *next++);
    return ~crc;
}

static int has_hardware(void) { return 1; }

#else

static uint32_t crc32c_hardware(uint32_t crc, const void *bytes, size_t count) {
    return flightlog_crc32c_portable(crc, bytes, count);
}

static int has_hardware(void) { return 0; }

#endif

uint32_t flightlog_crc32c(uint32_t crc, const void *bytes, size_t count) {
    return has_hardware() ? crc32c_hardware(crc, bytes, count)
                          : flightlog_crc32c_portable(crc, bytes, count);
}
