#include "clusterutils/kube/config_map.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/kube/json.h"
#include "clusterutils/util/text.h"

enum { STEP_MS = 1000 };

static const char *clean_copy(struct arena *arena, const char *text)
{
	size_t length = strlen(text);
	char *copy = arena_alloc(arena, 3 * length + 1);

	text_scrub(text, length, copy);
	return copy;
}

static const char *text_at(struct arena *arena, const cJSON *object, const char *key)
{
	const char *text = cJSON_GetStringValue(json_find(object, key));

	return clean_copy(arena, text ? text : "");
}

/* Of equal keys the last counts, as in Go. */
static bool is_last(const cJSON *member)
{
	for (const cJSON *later = member->next; later; later = later->next)
		if (strcmp(later->string, member->string) == 0)
			return false;
	return true;
}

static int add_entries(struct config_map *map, struct arena *arena, const cJSON *data, struct error *err)
{
	size_t count = 0;

	for (const cJSON *member = data ? data->child : NULL; member; member = member->next)
		count++;
	if (count > CONFIG_MAP_MAX_KEYS)
		return error_set(err, ERROR_INVALID, "ConfigMap %s/%s has more than %d keys", map->namespace, map->name,
			CONFIG_MAP_MAX_KEYS);
	map->entries = ARENA_ARRAY(arena, count, struct config_map_entry);
	for (const cJSON *member = data ? data->child : NULL; member; member = member->next) {
		const char *key = clean_copy(arena, member->string);
		struct config_map_entry *entry = &map->entries[map->entry_count];

		if (!cJSON_IsString(member))
			return error_set(err, ERROR_INVALID, "ConfigMap %.253s/%.253s: data.%.253s: text expected",
				map->namespace, map->name, key);
		if (!is_last(member))
			continue;
		entry->key = key;
		entry->length = strlen(member->valuestring);
		entry->value = arena_copy(arena, member->valuestring, entry->length);
		map->entry_count++;
	}
	return 0;
}

static int take_object(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	struct config_maps *maps = context;
	const cJSON *object = json_parse(&maps->scratch, json, length, err), *metadata, *data;
	struct config_map *map;

	(void)line;
	if (!object)
		return error_wrap(err, "ConfigMap");
	if (maps->count == CONFIG_MAPS_MAX)
		return error_set(err, ERROR_INVALID, "more than %d ConfigMaps", CONFIG_MAPS_MAX);
	metadata = json_find(object, "metadata");
	data = json_find(object, "data");
	map = &maps->items[maps->count];
	*map = (struct config_map){ .namespace = text_at(&maps->memory, metadata, "namespace"),
		.name = text_at(&maps->memory, metadata, "name") };
	if (!*map->name)
		return error_set(err, ERROR_INVALID, "ConfigMap: the object has no name");
	if (data && !cJSON_IsObject(data))
		return error_set(err, ERROR_INVALID, "ConfigMap %.253s/%.253s: data: an object expected",
			map->namespace, map->name);
	maps->count++;
	return add_entries(map, &maps->memory, data, err);
}

static int take_bytes(void *context, const char *bytes, size_t length, struct error *err)
{
	struct config_maps *maps = context;

	if (length > CONFIG_MAPS_MAX_BYTES - maps->bytes)
		return error_set(err, ERROR_INVALID, "ConfigMaps of more than %d MiB", CONFIG_MAPS_MAX_BYTES >> 20);
	maps->bytes += length;
	return framer_feed(&maps->framer, bytes, length, err);
}

static void begin(struct config_maps *maps, struct transport *transport)
{
	static const struct framer_events events = { .on_object = take_object };

	*maps = (struct config_maps){ .transport = transport };
	framer_init(&maps->framer, &events, maps);
	maps->request = (struct request){ .verb = "GET", .path = maps->path, .on_bytes = take_bytes, .context = maps };
}

static void add_parameter(struct request *request, const char *name, const char *value)
{
	if (value)
		request->parameters[request->parameter_count++] = (struct request_parameter){ name, value };
}

void config_map_ask(
	struct config_maps *maps, struct transport *transport, const char *namespace, const char *name, bool is_dump)
{
	begin(maps, transport);
	maps->is_named = true;
	snprintf(maps->name, sizeof(maps->name), "%s", name);
	snprintf(maps->field, sizeof(maps->field), "metadata.name=%.253s", name);
	if (is_dump) {
		path_of_kind(KIND_CONFIG_MAP, namespace, maps->path);
		add_parameter(&maps->request, "fieldSelector", maps->field);
	} else {
		path_of_object(KIND_CONFIG_MAP, namespace, name, NULL, maps->path);
	}
	transport_start(transport, &maps->request);
}

void config_maps_ask(struct config_maps *maps, struct transport *transport, const char *namespace, const char *labels,
	const char *fields)
{
	begin(maps, transport);
	path_of_kind(KIND_CONFIG_MAP, namespace, maps->path);
	add_parameter(&maps->request, "labelSelector", labels);
	add_parameter(&maps->request, "fieldSelector", fields);
	transport_start(transport, &maps->request);
}

int config_maps_finish(struct config_maps *maps, struct error *err)
{
	while (!maps->request.done)
		transport_step(maps->transport, STEP_MS);
	if (maps->request.error.code) {
		*err = maps->request.error;
		return -1;
	}
	if (framer_finish(&maps->framer, err) < 0)
		return error_wrap(err, "ConfigMaps");
	if (maps->is_named && !maps->count)
		return error_set_whole(err, ERROR_NOT_FOUND,
			"Error from server (NotFound): configmaps \"%.253s\" not found", maps->name);
	return 0;
}

void config_maps_release(struct config_maps *maps)
{
	if (!maps->transport)
		return;
	if (!maps->request.done)
		transport_cancel(maps->transport, &maps->request);
	framer_release(&maps->framer);
	arena_release(&maps->memory);
	arena_release(&maps->scratch);
	*maps = (struct config_maps){ 0 };
}

const struct config_map_entry *config_map_find(const struct config_map *map, const char *key)
{
	for (size_t i = 0; i < map->entry_count; i++)
		if (text_equal(map->entries[i].key, key))
			return &map->entries[i];
	return NULL;
}
