#include "clusterutils/util/width.h"

#include <string.h>

#include "clusterutils/util/text.h"
#include "suite.h"

#define WOMAN        "\U0001F469"
#define GIRL         "\U0001F467"
#define ZWJ          "\u200D"
#define HEART        "\u2764"
#define EMOJI_STYLE  "\uFE0F"
#define MEDIUM_TONE  "\U0001F3FD"
#define REGIONAL_D   "\U0001F1E9"
#define REGIONAL_E   "\U0001F1EA"
#define COMBINING_UE "u\u0308"

static const struct {
	uint32_t code_point;
	int columns;
} samples[] = {
	{ 'a', 1 },
	{ 0x00, 0 },
	{ 0x1B, 0 },
	{ 0x7F, 0 },
	{ 0x9F, 0 },
	{ 0xA0, 1 },
	{ 0xAD, 1 },    /* soft hyphen */
	{ 0x2FF, 1 },   /* the last before the first combining mark */
	{ 0x300, 0 },   /* combining grave */
	{ 0x36F, 0 },   /* the last of its range */
	{ 0x370, 1 },   /* the first after it */
	{ 0x0600, 1 },  /* Arabic number sign: Cf, but drawn */
	{ 0x10FF, 1 },  /* Georgian, just before Hangul */
	{ 0x1100, 2 },  /* Hangul lead consonant */
	{ 0x1160, 0 },  /* Hangul vowel filler */
	{ 0x11FF, 0 },  /* Hangul final consonant */
	{ 0x200B, 0 },  /* zero width space */
	{ 0x200D, 0 },  /* joiner */
	{ 0x2028, 1 },  /* never in clean text */
	{ 0x20E3, 0 },  /* enclosing keycap */
	{ 0x231A, 2 },  /* watch */
	{ 0x2500, 1 },  /* box drawing: ambiguous width is narrow */
	{ 0x2588, 1 },  /* full block */
	{ 0x2764, 1 },  /* heart: text presentation */
	{ 0x2800, 1 },  /* braille, for graphs */
	{ 0x3000, 2 },  /* ideographic space */
	{ 0x302A, 0 },  /* ideographic tone mark: wide block, but Mn */
	{ 0x303F, 1 },  /* ideographic half fill space: narrow within CJK */
	{ 0x4E2D, 2 },  /* CJK */
	{ 0xAC00, 2 },  /* first Hangul syllable */
	{ 0xD7A3, 2 },  /* last Hangul syllable */
	{ 0xD7A4, 1 },  /* not assigned */
	{ 0xFE0F, 0 },  /* variation selector 16 */
	{ 0xFEFF, 0 },  /* byte order mark */
	{ 0xFF21, 2 },  /* full-width A */
	{ 0xFF71, 1 },  /* half-width katakana */
	{ 0xFFFD, 1 },  /* replacement character */
	{ 0x1F1E9, 1 }, /* regional indicator: a pair makes two */
	{ 0x1F433, 2 }, /* whale */
	{ 0x1F3FB, 2 }, /* skin tone, alone */
	{ 0x2F800, 2 }, /* CJK compatibility supplement */
	{ 0x3FFFD, 2 }, /* the last of the tertiary plane */
	{ 0x3FFFE, 1 },
	{ 0xE0020, 0 },  /* tag */
	{ 0xE01EF, 0 },  /* the last variation selector */
	{ 0x10FFFF, 1 }, /* the end of everything */
	{ 0x110000, 1 },
	{ UINT32_MAX, 1 },
};

START_TEST(code_points_have_their_width)
{
	ck_assert_msg(width_of_code_point(samples[_i].code_point) == samples[_i].columns, "U+%04X is %d, not %d",
		(unsigned)samples[_i].code_point, width_of_code_point(samples[_i].code_point), samples[_i].columns);
}
END_TEST

/* The sums of the ranges in Unicode 15.1, counted from its own data files: a mistyped range changes them. */
START_TEST(tables_hold_what_unicode_counts)
{
	enum { C0_C1_AND_DEL = 65 };
	unsigned zero = 0, two = 0;

	for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
		int columns = width_of_code_point(code_point);

		ck_assert_int_ge(columns, 0);
		ck_assert_int_le(columns, 2);
		zero += columns == 0;
		two += columns == 2;
	}
	ck_assert_uint_eq(zero, 2386 + C0_C1_AND_DEL);
	ck_assert_uint_eq(two, 182514);
}
END_TEST

static const struct {
	const char *text;
	int columns;
} texts[] = {
	{ "", 0 }, { "corellia", 8 }, { "gr\u00FC\u00DFe", 5 }, { COMBINING_UE "ber", 4 }, { "\u0308", 0 },
	{ "\u4E2D\u6587", 4 }, { "\uD55C\uAE00", 4 },
	{ "\u1112\u1161\u11AB", 2 }, /* the same first syllable, conjoining */
	{ WOMAN ZWJ WOMAN ZWJ GIRL, 2 }, { WOMAN MEDIUM_TONE, 2 }, { WOMAN MEDIUM_TONE ZWJ "\u2642" EMOJI_STYLE, 2 },
	{ WOMAN WOMAN, 4 }, { HEART EMOJI_STYLE, 1 }, { HEART EMOJI_STYLE ZWJ "\U0001F525", 2 }, { ZWJ WOMAN, 2 },
	{ WOMAN ZWJ "a", 3 }, { "a" ZWJ WOMAN, 3 }, { "\u261D" MEDIUM_TONE, 2 },
	{ "a" ZWJ "b", 2 },           /* joined letters stay two */
	{ "\u4E2D" ZWJ "\u6587", 4 }, /* and so do ideographs */
	{ "\u4E2D" MEDIUM_TONE, 4 },  /* a tone colours emoji alone */
	{ REGIONAL_D, 1 }, { REGIONAL_D REGIONAL_E, 2 }, { REGIONAL_D REGIONAL_E REGIONAL_D, 3 },
	{ REGIONAL_D REGIONAL_E REGIONAL_D REGIONAL_E, 4 }, { "1" EMOJI_STYLE "\u20E3", 1 },
	{ "\xFF\xC3", 2 }, /* malformed: a replacement character each */
};

START_TEST(texts_have_the_width_that_is_seen)
{
	ck_assert_msg(width_of_text(texts[_i].text) == texts[_i].columns, "\"%s\" is %d, not %d", texts[_i].text,
		width_of_text(texts[_i].text), texts[_i].columns);
}
END_TEST

static const struct {
	const char *text;
	int columns;
	size_t bytes;
} fits[] = {
	{ "corellia", 3, 3 },
	{ "corellia", 8, 8 },
	{ "corellia", 80, 8 },
	{ "corellia", 0, 0 },
	{ "corellia", -5, 0 },
	{ "", 4, 0 },
	{ COMBINING_UE "ber", 1, 3 },
	{ COMBINING_UE "ber", 0, 0 },
	{ "\u4E2D\u6587", 3, 3 }, /* half a character is none */
	{ "\u4E2D\u6587", 1, 0 },
	{ WOMAN ZWJ GIRL "x", 2, 11 },
	{ WOMAN ZWJ GIRL "x", 1, 0 },
	{ REGIONAL_D REGIONAL_E "x", 1, 0 },
	{ REGIONAL_D REGIONAL_E "x", 2, 8 },
	{ "\u0308x", 0, 2 },
};

START_TEST(fit_cuts_between_what_is_seen)
{
	ck_assert_uint_eq(width_fit(fits[_i].text, fits[_i].columns), fits[_i].bytes);
}
END_TEST

/* Random text of marks, joiners, emoji and letters, and random bytes. */
START_TEST(every_prefix_fits_and_no_longer_one_does)
{
	static const char *const parts[] = { "a", "\u0308", ZWJ, WOMAN, MEDIUM_TONE, REGIONAL_D, "\u4E2D", EMOJI_STYLE,
		HEART, "\u1112", "\u1161", " ", "\xE2\x82", "\xFF", "\x1B" };
	uint32_t state = 20260301;

	for (int round = 0; round < 5000; round++) {
		char text[256] = "";
		size_t last = 0;

		for (int i = 0; i < 12; i++) {
			state = state * 1664525 + 1013904223;
			strcat(text, parts[(state >> 16) % (sizeof(parts) / sizeof(parts[0]))]);
		}
		for (int columns = 0; columns <= width_of_text(text); columns++) {
			size_t length = width_fit(text, columns);
			char head[256] = "", tail[256] = "";

			ck_assert_uint_ge(length, last);
			last = length;
			memcpy(head, text, length);
			strcpy(tail, text + length);
			ck_assert_int_le(width_of_text(head), columns);
			ck_assert_int_eq(width_of_text(head) + width_of_text(tail), width_of_text(text));
		}
		ck_assert_uint_eq(last, strlen(text));
	}
}
END_TEST

START_TEST(nothing_has_no_columns)
{
	int columns = -1;

	ck_assert_uint_eq(width_next("", 0, &columns), 0);
	ck_assert_int_eq(columns, 0);
	ck_assert_uint_eq(width_next(COMBINING_UE "x", 4, &columns), 3);
	ck_assert_int_eq(columns, 1);
}
END_TEST

TEST_MAIN("util/width", TEST(nothing_has_no_columns), TEST_TABLE(code_points_have_their_width, samples),
	TEST(tables_hold_what_unicode_counts), TEST_TABLE(texts_have_the_width_that_is_seen, texts),
	TEST_TABLE(fit_cuts_between_what_is_seen, fits), TEST(every_prefix_fits_and_no_longer_one_does))
