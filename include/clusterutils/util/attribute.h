/* Compiler attributes under short names: the only compiler extension this project uses. */
#pragma once

#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define MUST_USE                __attribute__((warn_unused_result))
#define NONNULL(...)            __attribute__((nonnull(__VA_ARGS__)))
#define RETURNS_NONNULL         __attribute__((returns_nonnull))
#define PURE                    __attribute__((pure))
#define UNUSED                  __attribute__((unused))

/* Runs FN(&variable) when the variable leaves its scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))
