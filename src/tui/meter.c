#include "clusterutils/tui/meter.h"

#include "clusterutils/output/table.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/width.h"

enum { PER_CENT = 100, BRACKETS = 2, MOST = 100000 };

struct part {
	const char *word;
	int64_t value;
	const char *glyph;
	enum style style;
};

static bool is_known(int64_t value)
{
	return value != VALUE_UNKNOWN && value != VALUE_NONE;
}

/* value / total * scale, to the nearest, ties up; MOST * scale at most. Both are known, total is positive. */
static int64_t scaled(int64_t value, int64_t total, int64_t scale)
{
	if (value <= 0)
		return 0;
	if (value / total >= MOST)
		return MOST * scale;
	for (; total > INT64_MAX / (4 * scale * MOST); total /= 2)
		value /= 2;
	return (value * scale + total / 2) / total;
}

static void add_share(struct buffer *out, const char *word, int64_t value, int64_t total)
{
	if (value == VALUE_NONE)
		return;
	if (out->length > 0)
		buffer_add_char(out, ' ');
	buffer_printf(out, "%s ", word);
	if (!is_known(value) || !is_known(total) || total <= 0) {
		buffer_add_char(out, '?');
		return;
	}
	buffer_add_number(out, scaled(value, total, PER_CENT));
	buffer_add_char(out, '%');
}

void meter_text(const struct meter_bar *meter, struct buffer *out)
{
	AUTO_BUFFER text = { 0 };

	if (meter->text) {
		buffer_add_text(out, meter->text);
		return;
	}
	add_share(&text, "use", meter->use, meter->total);
	add_share(&text, "req", meter->request, meter->total);
	add_share(&text, "lim", meter->limit, meter->total);
	buffer_add_text(out, buffer_text(&text));
}

/* Columns of the bar up to this value: what is not nothing has one. */
static int end_of(int64_t value, int64_t total, int columns)
{
	int64_t end;

	if (!is_known(value) || !is_known(total) || total <= 0 || value <= 0)
		return 0;
	end = value >= total ? columns : scaled(value, total, columns);
	return end < 1 ? 1 : (int)end;
}

static bool is_over(const struct meter_bar *meter)
{
	if (!is_known(meter->total) || meter->total <= 0)
		return false;
	return meter->use > meter->total || meter->request > meter->total || meter->limit > meter->total;
}

static void draw_bar(struct canvas *canvas, struct rect bar, const struct meter_bar *meter, const struct glyphs *glyphs)
{
	const struct part parts[] = {
		{ "use", meter->use, glyphs->use, STYLE_METER_USE },
		{ "req", meter->request, glyphs->request, STYLE_METER_REQUEST },
		{ "lim", meter->limit, glyphs->limit, STYLE_METER_LIMIT },
	};
	int at = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		int end = end_of(parts[i].value, meter->total, bar.columns);

		if (end <= at)
			continue;
		canvas_repeat(canvas, bar.row, bar.column + at, end - at, parts[i].style, parts[i].glyph);
		at = end;
	}
	canvas_repeat(canvas, bar.row, bar.column + at, bar.columns - at, STYLE_METER_FREE, glyphs->free);
}

void meter_draw(struct canvas *canvas, struct rect rect, const struct meter_bar *meter, int name_columns,
	const struct glyphs *glyphs)
{
	AUTO_BUFFER value = { 0 };
	int name = width_of_text(meter->name), text, inside;
	struct rect bar = rect_row(rect, 0);

	if (rect_is_empty(bar))
		return;
	if (name > name_columns)
		name_columns = name;
	buffer_add_char(&value, ' ');
	meter_text(meter, &value);
	text = width_of_text(buffer_text(&value));
	inside = bar.columns - name_columns - BRACKETS - (name_columns > 0);
	canvas_text(canvas, bar.row, bar.column, bar.columns, STYLE_METER_NAME, meter->name);
	if (inside < METER_MIN_BAR || inside < text - 1) {
		canvas_text(canvas, bar.row, bar.column + name, bar.columns - name, STYLE_METER_VALUE,
			buffer_text(&value) + (name == 0));
		return;
	}
	bar.column += name_columns + (name_columns > 0);
	canvas_text(canvas, bar.row, bar.column, 1, STYLE_METER_BRACKET, "[");
	canvas_text(canvas, bar.row, bar.column + 1 + inside, 1,
		is_over(meter) ? STYLE_METER_OVER : STYLE_METER_BRACKET, is_over(meter) ? glyphs->over : "]");
	bar.column++;
	bar.columns = inside;
	draw_bar(canvas, bar, meter, glyphs);
	/* The blank in front sets the text off from the bar, and is what goes first. */
	canvas_text_right(canvas, bar.row, bar.column, inside, STYLE_METER_VALUE,
		buffer_text(&value) + (text > inside || text == 1));
}
