#include "policy_source.h"

#include <string.h>

#include "clusterutils/util/file.h"
#include "clusterutils/util/text.h"

static const char config_map_prefix[] = "cm/";
static const char usual_key[] = "policy.yaml";
static const char chart_label[] = "app.kubernetes.io/name=descheduler";
static const char base_namespace[] = "kube-system", base_field[] = "metadata.name=descheduler-policy-configmap";

enum { NAME_MAX_LENGTH = 253 };

bool policy_source_needs_cluster(const char *given)
{
	return !given || text_starts_with(given, config_map_prefix);
}

size_t policy_source_rights(const char *given, struct right *ret_rights)
{
	if (!policy_source_needs_cluster(given))
		return 0;
	*ret_rights = (struct right){ .group = "", .resource = "configmaps", .verbs = { given ? "get" : "list" } };
	return 1;
}

/* --- files --- */

static bool is_stdin_taken(const struct invocation *invocation)
{
	for (size_t i = 0; i < invocation->global.from.count; i++)
		if (text_equal(invocation->global.from.items[i], "-"))
			return true;
	return false;
}

static const char *clean_copy(struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text);

	text_scrub_in_place(copy);
	return copy;
}

static void keep_text(struct policy_found *found, const char *text, size_t length)
{
	found->text = arena_copy(&found->arena, text, length);
	found->length = length;
}

static int read_file(
	struct policy_found *found, const struct invocation *invocation, const char *given, struct error *err)
{
	bool is_stdin = strcmp(given, "-") == 0;
	AUTO_BUFFER text = { 0 };

	if (is_stdin && is_stdin_taken(invocation))
		return error_set(
			err, ERROR_USAGE, "standard input cannot be both: the policy and the dump of --from -");
	if (file_read(is_stdin ? "/dev/stdin" : given, POLICY_MAX_TEXT, &text, err) < 0) {
		err->code = ERROR_USAGE;
		return -1;
	}
	found->origin = is_stdin ? POLICY_OF_STDIN : POLICY_OF_FILE;
	found->file = clean_copy(&found->arena, given);
	found->name = is_stdin ? "standard input" : found->file;
	keep_text(found, buffer_text(&text), text.length);
	return 0;
}

static void take_builtin(struct policy_found *found)
{
	found->origin = POLICY_BUILT_IN;
	found->name = found->file = "built in";
	keep_text(found, policy_builtin(), strlen(policy_builtin()));
}

/* --- asking --- */

/* A part of a path and of a selector: what no object can be called asks nothing. */
static bool is_name(const char *name, size_t length)
{
	return length > 0 && length <= NAME_MAX_LENGTH &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") >= length && name[0] != '.' &&
		name[length - 1] != '.' && !memmem(name, length, "..", 2);
}

int policy_source_check(const char *given, struct error *err)
{
	const char *namespace, *slash;

	if (!given || !text_starts_with(given, config_map_prefix))
		return 0;
	namespace = given + strlen(config_map_prefix);
	slash = strchr(namespace, '/');
	if (slash && is_name(namespace, (size_t)(slash - namespace)) && is_name(slash + 1, strlen(slash + 1)))
		return 0;
	return error_set(err, ERROR_USAGE,
		"\"%.400s\" is no ConfigMap: cm/NAMESPACE/NAME is expected (a file is ./%.400s)", given, given);
}

static int ask_for_named(
	struct policy_search *search, const struct session *session, const char *given, struct error *err)
{
	const char *namespace = given + strlen(config_map_prefix), *slash = strchr(namespace, '/');

	if (policy_source_check(given, err) < 0 || !slash)
		return -1;
	namespace = arena_copy(&search->found.arena, namespace, (size_t)(slash - namespace));
	config_map_ask(
		&search->named, session->transport, namespace, slash + 1, !session->is_live && !session->is_demo);
	search->found.origin = POLICY_OF_CONFIG_MAP;
	search->is_asked = true;
	return 0;
}

static void ask_for_installed(struct policy_search *search, const struct session *session)
{
	config_maps_ask(&search->labelled, session->transport, NULL, chart_label, NULL);
	config_maps_ask(&search->named, session->transport, base_namespace, NULL, base_field);
	search->found.origin = POLICY_INSTALLED;
	search->is_asked = true;
}

int policy_source_begin(struct policy_search *search, const struct invocation *invocation,
	const struct session *session, const char *given, struct error *err)
{
	int result = 0;

	*search = (struct policy_search){ 0 };
	if (!given)
		ask_for_installed(search, session);
	else if (policy_source_needs_cluster(given))
		result = ask_for_named(search, session, given, err);
	else
		result = read_file(&search->found, invocation, given, err);
	if (result < 0)
		policy_search_release(search);
	return result;
}

/* --- what came back --- */

static const struct config_map_entry *policy_entry(const struct config_map *map)
{
	const struct config_map_entry *entry = config_map_find(map, usual_key);

	return entry || map->entry_count != 1 ? entry : &map->entries[0];
}

static int refuse_keys(const struct config_map *map, struct error *err)
{
	AUTO_BUFFER keys = { 0 };

	if (!map->entry_count || !map->entries)
		return error_set(
			err, ERROR_INVALID, "cm/%.253s/%.253s has no data, so no policy", map->namespace, map->name);
	for (size_t i = 0; i < map->entry_count && keys.length < 256; i++)
		buffer_printf(&keys, "%s%.100s", i ? ", " : "", map->entries[i].key);
	return error_set(err, ERROR_INVALID, "cm/%.253s/%.253s has no key %s, and more than one other: %.300s",
		map->namespace, map->name, usual_key, buffer_text(&keys));
}

static void take_entry(struct policy_found *found, const struct config_map *map, const struct config_map_entry *entry)
{
	found->file = arena_printf(&found->arena, "cm/%s/%s", map->namespace, map->name);
	found->name = arena_printf(&found->arena, "%s, key %s", found->file, entry->key);
	keep_text(found, entry->value, entry->length);
}

static int take_named(struct policy_search *search, struct error *err)
{
	const struct config_map_entry *entry;

	if (config_maps_finish(&search->named, err) < 0)
		return -1;
	entry = policy_entry(&search->named.items[0]);
	if (!entry)
		return refuse_keys(&search->named.items[0], err);
	take_entry(&search->found, &search->named.items[0], entry);
	return 0;
}

/* A dashboard may carry the label, too. */
static bool is_policy(const struct config_map *map)
{
	const struct config_map_entry *entry = policy_entry(map);

	return entry && (text_equal(entry->key, usual_key) || strstr(entry->value, "DeschedulerPolicy"));
}

struct candidates {
	const struct config_map *items[2 * CONFIG_MAPS_MAX];
	size_t count;
};

static void add_candidates(struct candidates *candidates, const struct config_maps *maps)
{
	for (size_t i = 0; i < maps->count; i++) {
		const struct config_map *map = &maps->items[i];
		bool is_known = false;

		for (size_t k = 0; k < candidates->count && !is_known; k++)
			is_known = text_equal(candidates->items[k]->name, map->name) &&
				text_equal(candidates->items[k]->namespace, map->namespace);
		if (!is_known && is_policy(map))
			candidates->items[candidates->count++] = map;
	}
}

static int refuse_several(const struct candidates *candidates, struct error *err)
{
	AUTO_BUFFER names = { 0 };

	for (size_t i = 0; i < candidates->count; i++)
		buffer_printf(&names, "%scm/%.253s/%.253s", i ? ", " : "", candidates->items[i]->namespace,
			candidates->items[i]->name);
	return error_set(err, ERROR_USAGE,
		"more than one descheduler is installed, say which policy by --policy: %.800s", buffer_text(&names));
}

/* Who may not look does not see whether there is one: that is worth a warning, and no more. */
static int finish_or_warn(struct config_maps *maps, struct policy_found *found, struct error *err)
{
	struct error cause = { 0 };

	if (config_maps_finish(maps, &cause) == 0)
		return 0;
	if (cause.code == ERROR_FORBIDDEN && cause.http_status == 403) {
		if (!found->warning)
			found->warning = arena_printf(
				&found->arena, "whether a descheduler is installed cannot be seen: %s", cause.message);
		return 0;
	}
	*err = cause;
	return -1;
}

static int take_installed(struct policy_search *search, struct error *err)
{
	struct policy_found *found = &search->found;
	struct candidates candidates = { .count = 0 };

	if (finish_or_warn(&search->labelled, found, err) < 0 || finish_or_warn(&search->named, found, err) < 0)
		return -1;
	add_candidates(&candidates, &search->labelled);
	add_candidates(&candidates, &search->named);
	if (candidates.count > 1)
		return refuse_several(&candidates, err);
	if (!candidates.count) {
		take_builtin(found);
		return 0;
	}
	found->warning = NULL;
	take_entry(found, candidates.items[0], policy_entry(candidates.items[0]));
	return 0;
}

int policy_source_finish(struct policy_search *search, struct policy_found *ret_found, struct error *err)
{
	int result = 0;

	if (search->is_asked)
		result = search->found.origin == POLICY_INSTALLED ? take_installed(search, err)
								  : take_named(search, err);
	if (result == 0) {
		*ret_found = search->found;
		search->found = (struct policy_found){ 0 };
	}
	policy_search_release(search);
	return result;
}

int policy_source_load(const struct invocation *invocation, const struct session *session, const char *given,
	struct policy_found *ret_found, struct error *err)
{
	CLEANUP(policy_search_release) struct policy_search search = { 0 };

	return policy_source_begin(&search, invocation, session, given, err) < 0
		? -1
		: policy_source_finish(&search, ret_found, err);
}

void policy_search_release(struct policy_search *search)
{
	config_maps_release(&search->named);
	config_maps_release(&search->labelled);
	policy_found_release(&search->found);
	*search = (struct policy_search){ 0 };
}

void policy_found_release(struct policy_found *found)
{
	arena_release(&found->arena);
	*found = (struct policy_found){ 0 };
}
