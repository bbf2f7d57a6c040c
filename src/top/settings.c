#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clusterutils/util/document.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/yaml.h"
#include "view.h"

enum { FILE_MAX = 64 << 10 };

void settings_init(struct settings *settings)
{
	*settings = (struct settings){ .delay_ms = DELAY_DEFAULT_MS, .highlight_seconds = HIGHLIGHT_DEFAULT };
}

bool settings_path(char *path, size_t size)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (folder && *folder == '/')
		return (size_t)snprintf(path, size, "%s/clusterutils/top.yaml", folder) < size;
	return home && *home && (size_t)snprintf(path, size, "%s/.config/clusterutils/top.yaml", home) < size;
}

/* --- columns --- */

static size_t find_columns(const struct settings *settings, const char *view)
{
	size_t at = 0;

	while (at < settings->column_count && strcmp(settings->columns[at].view, view) != 0)
		at++;
	return at;
}

const char *settings_columns(const struct settings *settings, const char *view)
{
	size_t at = find_columns(settings, view);

	return at < settings->column_count ? settings->columns[at].keys : "";
}

void settings_set_columns(struct settings *settings, const char *view, const char *keys)
{
	size_t at = find_columns(settings, view);

	if (at == SETTINGS_VIEWS)
		return;
	if (at == settings->column_count)
		settings->column_count++;
	snprintf(settings->columns[at].view, sizeof(settings->columns[at].view), "%s", view);
	snprintf(settings->columns[at].keys, sizeof(settings->columns[at].keys), "%s", keys);
}

/* --- one line a setting --- */

enum setting_type { SETTING_TEXT, SETTING_FLAG, SETTING_DELAY, SETTING_SECONDS };

static const struct setting {
	const char *key;
	enum setting_type type;
	size_t offset;
	bool is_turned; /* the file says what is on, the struct what is off */
} rows[] = {
	{ "theme", SETTING_TEXT, offsetof(struct settings, theme), false },
	{ "groupBy", SETTING_TEXT, offsetof(struct settings, grouping), false },
	{ "delay", SETTING_DELAY, offsetof(struct settings, delay_ms), false },
	{ "highlightChanges", SETTING_FLAG, offsetof(struct settings, highlights), false },
	{ "highlightSeconds", SETTING_SECONDS, offsetof(struct settings, highlight_seconds), false },
	{ "unicode", SETTING_FLAG, offsetof(struct settings, no_unicode), true },
	{ "colour", SETTING_FLAG, offsetof(struct settings, no_colour), true },
	{ "mouse", SETTING_FLAG, offsetof(struct settings, no_mouse), true },
	{ "meters", SETTING_FLAG, offsetof(struct settings, no_meters), true },
	{ "tabs", SETTING_FLAG, offsetof(struct settings, no_tabs), true },
	{ "functionBar", SETTING_FLAG, offsetof(struct settings, no_bar), true },
};

static int wrong(const char *path, const struct yaml_node *node, const char *wanted, struct error *err)
{
	return error_set(err, ERROR_INVALID, "%s:%u: %s: must be %s", path, node->line, node->key, wanted);
}

static int read_setting(struct settings *settings, const struct setting *row, const char *path,
	const struct yaml_node *node, struct error *err)
{
	char *at = (char *)settings + row->offset;

	switch (row->type) {
	case SETTING_TEXT:
		if (node->type == YAML_LIST || node->type == YAML_MAP || strlen(node->text) >= SETTINGS_TEXT ||
			!text_is_clean(node->text, strlen(node->text)))
			return wrong(path, node, "a short text", err);
		memcpy(at, node->text, strlen(node->text) + 1);
		return 0;
	case SETTING_FLAG:
		if (node->type != YAML_BOOL)
			return wrong(path, node, "true or false", err);
		*(bool *)(void *)at = node->flag != row->is_turned;
		return 0;
	case SETTING_DELAY:
		if (node->type != YAML_INT || node->number < DELAY_MIN_MS || node->number > DELAY_MAX_MS)
			return wrong(path, node, "milliseconds, from 100 to 60000", err);
		*(int64_t *)(void *)at = node->number;
		return 0;
	case SETTING_SECONDS:
		if (node->type != YAML_INT || node->number < 1 || node->number > HIGHLIGHT_MAX)
			return wrong(path, node, "seconds, from 1 to 86400", err);
		*(int64_t *)(void *)at = node->number;
		return 0;
	}
	return 0;
}

static bool is_known_view(const char *name)
{
	return view_find(name) || strcmp(name, view_containers.name) == 0;
}

static int read_keys(struct settings *settings, const char *path, const struct yaml_node *view, struct error *err)
{
	AUTO_BUFFER keys = { 0 };

	for (const struct yaml_node *key = view->first; key; key = key->next) {
		if (key->type == YAML_LIST || key->type == YAML_MAP || strchr(key->text, ',') ||
			keys.length + strlen(key->text) + 1 >= SETTINGS_COLUMNS ||
			!text_is_clean(key->text, strlen(key->text)))
			return wrong(path, view, "a short list of names of columns", err);
		buffer_printf(&keys, "%s%s", keys.length ? "," : "", key->text);
	}
	settings_set_columns(settings, view->key, buffer_text(&keys));
	return 0;
}

/* columns: {nodes: [state, pods]}: those that are shown, in their order. */
static int read_columns(struct settings *settings, const char *path, const struct yaml_node *columns, struct error *err)
{
	if (columns->type != YAML_MAP)
		return wrong(path, columns, "a map from views to names of columns", err);
	for (const struct yaml_node *view = columns->first; view; view = view->next) {
		if (view->type != YAML_LIST)
			return wrong(path, view, "a list of names of columns", err);
		if (!is_known_view(view->key)) {
			snprintf(settings->remark, sizeof(settings->remark),
				"top.yaml:%u: there is no view \"%.40s\" whose columns could be chosen", view->line,
				view->key);
			continue;
		}
		if (read_keys(settings, path, view, err) < 0)
			return -1;
	}
	return 0;
}

int settings_read(struct settings *settings, const char *path, struct error *err)
{
	AUTO_ARENA arena = { 0 };
	AUTO_BUFFER text = { 0 };
	struct settings read = *settings;
	struct yaml_node *root;
	const struct yaml_node *columns;
	struct error cause;

	if (file_read(path, FILE_MAX, &text, &cause) < 0) {
		if (cause.code == ERROR_NOT_FOUND)
			return 0;
		*err = cause;
		return -1;
	}
	if (yaml_parse(buffer_text(&text), text.length, &arena, &root, err) < 0)
		return error_wrap(err, "%s", path);
	if (root->type != YAML_MAP && root->type != YAML_NULL)
		return error_set(err, ERROR_INVALID, "%s: must be a map of settings", path);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct yaml_node *node = yaml_find(root, rows[i].key);

		if (node && read_setting(&read, &rows[i], path, node, err) < 0)
			return -1;
	}
	columns = yaml_find(root, "columns");
	if (columns && read_columns(&read, path, columns, err) < 0)
		return -1;
	*settings = read;
	return 0;
}

/* --- writing --- */

static void write_setting(struct document *document, const struct settings *settings, const struct setting *row)
{
	const char *at = (const char *)settings + row->offset;

	if (row->type == SETTING_TEXT && *at)
		document_text(document, row->key, at);
	else if (row->type == SETTING_FLAG)
		document_flag(document, row->key, *(const bool *)(const void *)at != row->is_turned);
	else if (row->type == SETTING_DELAY || row->type == SETTING_SECONDS)
		document_number(document, row->key, *(const int64_t *)(const void *)at);
}

static void write_columns(struct document *document, const struct settings *settings)
{
	bool is_begun = false;

	for (size_t i = 0; i < settings->column_count; i++) {
		AUTO_FREE char *keys = memory_copy_text(settings->columns[i].keys);
		char *rest = NULL;

		if (!*keys)
			continue;
		if (!is_begun)
			document_begin_object(document, "columns");
		is_begun = true;
		document_begin_array(document, settings->columns[i].view);
		for (char *key = strtok_r(keys, ",", &rest); key; key = strtok_r(NULL, ",", &rest))
			document_text(document, NULL, key);
		document_end(document);
	}
	if (is_begun)
		document_end(document);
}

static int make_folder(const char *path, struct error *err)
{
	AUTO_FREE char *folder = memory_copy_text(path);

	for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0700) < 0 && errno != EEXIST)
			return error_set(err, ERROR_FAILED, "%s: %s", folder, strerror(errno));
		*slash = '/';
	}
	return 0;
}

int settings_write(const struct settings *settings, const char *path, struct error *err)
{
	AUTO_BUFFER text = { 0 };
	struct document document;

	document_init(&document, DOCUMENT_YAML, &text);
	document_begin_object(&document, NULL);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		write_setting(&document, settings, &rows[i]);
	write_columns(&document, settings);
	document_end(&document);
	document_finish(&document);
	if (make_folder(path, err) < 0)
		return -1;
	return file_replace(path, &text, err);
}
