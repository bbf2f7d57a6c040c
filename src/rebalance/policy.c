#include "clusterutils/rebalance/policy.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "policy_private.h"

enum { MAX_FINDINGS = 200, FINDING_SIZE = 2048 };

const char *policy_clean(struct policy *policy, const char *text)
{
	size_t length = strlen(text);
	char *clean;

	if (text_is_clean(text, length))
		return text;
	clean = arena_alloc(&policy->arena, 3 * length + 1);
	text_scrub(text, length, clean);
	return clean;
}

void policy_add_finding(struct policy *policy, enum policy_severity severity, unsigned line, const char *format, ...)
{
	char sentence[FINDING_SIZE];
	va_list args;

	/* So that a file of nonsense does not become as many lines; an error is never left out. */
	if (policy->finding_count >= MAX_FINDINGS && (severity != POLICY_ERROR || policy->refusal))
		return;
	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	ARRAY_GROW(policy->findings, policy->finding_count, policy->finding_capacity);
	policy->findings[policy->finding_count++] =
		(struct policy_finding){ severity, line, policy_clean(policy, arena_text(&policy->arena, sentence)) };
}

int policy_refuse(struct loader *loader, enum policy_refusal refusal, const char *upstream)
{
	if (loader->policy->refusal == POLICY_ACCEPTED) {
		loader->policy->refusal = refusal;
		loader->policy->upstream_error = policy_clean(loader->policy, upstream);
	}
	return -1;
}

int policy_refuse_at(
	struct loader *loader, enum policy_refusal refusal, unsigned line, const char *sentence, const char *upstream)
{
	policy_add_finding(loader->policy, POLICY_ERROR, line, "%s", sentence);
	return policy_refuse(loader, refusal, upstream);
}

const char *policy_decode_error(struct loader *loader, const char *cause)
{
	AUTO_BUFFER text = { 0 };

	buffer_add_text(&text, "failed decoding descheduler's policy config ");
	quote_text(&text, loader->policy->file, strlen(loader->policy->file));
	buffer_printf(&text, ": %s", cause);
	return arena_text(&loader->policy->arena, buffer_text(&text));
}

void messages_add(struct messages *messages, struct arena *arena, const char *message)
{
	if (messages->count == messages->capacity) {
		size_t capacity = messages->capacity ? messages->capacity * 2 : 8;
		const char **items = ARENA_ARRAY(arena, capacity, const char *);

		if (messages->count)
			memcpy(items, messages->items, messages->count * sizeof(*items));
		messages->items = items;
		messages->capacity = capacity;
	}
	messages->items[messages->count++] = message;
}

static bool is_first_of_its_kind(const struct messages *messages, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(messages->items[i], messages->items[j]) == 0)
			return false;
	return true;
}

const char *messages_text(const struct messages *messages, struct arena *arena)
{
	AUTO_BUFFER text = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < messages->count; i++)
		if (is_first_of_its_kind(messages, i))
			buffer_printf(&text, "%s%s", count++ ? ", " : "", messages->items[i]);
	return count == 1 ? arena_text(arena, buffer_text(&text)) : arena_printf(arena, "[%s]", buffer_text(&text));
}

/* --- from text to a tree --- */

/* The sentences of the YAML reader begin with the line. */
static int refuse_yaml(struct loader *loader, const struct error *err)
{
	const char *sentence = err->message, *upstream = sentence;
	struct arena *arena = &loader->policy->arena;
	unsigned line = 0;
	char *end;

	if (text_starts_with(sentence, "line ")) {
		line = (unsigned)strtoul(sentence + strlen("line "), &end, 10);
		sentence = text_starts_with(end, ": ") ? end + 2 : sentence;
	}
	/* Of what YAML can say and JSON cannot, upstream's JSON encoder speaks. */
	upstream = text_starts_with(sentence, "unsupported value: ") ? arena_printf(arena, "json: %s", sentence)
								     : arena_printf(arena, "yaml: %s", upstream);
	return policy_refuse_at(loader, POLICY_NOT_YAML, line, sentence, policy_decode_error(loader, upstream));
}

static void warn_of_duplicate(void *context, const struct yaml_node *replaced, const struct yaml_node *by)
{
	struct loader *loader = context;

	policy_add_finding(loader->policy, POLICY_WARNING, replaced->line, "%s is given twice: that of line %u holds",
		replaced->key, by->line);
}

static int read_tree(struct loader *loader)
{
	const struct policy_source *source = loader->source;
	struct arena *arena = &loader->policy->arena;
	struct error err = { 0 };
	struct yaml_node *root;

	if (source->length > POLICY_MAX_TEXT) {
		error_set(&err, ERROR_INVALID, "a policy of more than %d KiB", POLICY_MAX_TEXT >> 10);
		return refuse_yaml(loader, &err);
	}
	if (yaml_parse(source->text, source->length, arena, &root, &err) < 0 ||
		tree_expand(root, arena, warn_of_duplicate, loader, &loader->root, &err) < 0)
		return refuse_yaml(loader, &err);
	return 0;
}

/* JSON is YAML, too, but for numbers: 5.0 is a whole one in YAML alone. */
static bool looks_like_json(const char *text, size_t length)
{
	static const char blanks[] = " \t\r\n";
	size_t i = 0;

	while (i < length && text[i] && strchr(blanks, text[i]))
		i++;
	if (i == length || text[i++] != '{')
		return false;
	while (i < length && text[i] && strchr(blanks, text[i]))
		i++;
	return i < length && (text[i] == '"' || text[i] == '}');
}

static int load(struct loader *loader)
{
	if (read_tree(loader) < 0)
		return -1;
	if (loader->mode == POLICY_LENIENT)
		policy_be_lenient(loader);
	if (policy_read(loader) < 0 || policy_check(loader) < 0 || policy_build(loader) < 0)
		return -1;
	return 0;
}

/* In the order of the file; what has no line comes first. Stable: a table of this length is sorted by hand. */
static void sort_findings(struct policy *policy)
{
	for (size_t i = 1; i < policy->finding_count; i++) {
		struct policy_finding moved = policy->findings[i];
		size_t to = i;

		for (; to > 0 && policy->findings[to - 1].line > moved.line; to--)
			policy->findings[to] = policy->findings[to - 1];
		policy->findings[to] = moved;
	}
}

int policy_load(const struct policy_source *source, enum policy_mode mode, struct policy *ret_policy, struct error *err)
{
	struct loader loader = { .policy = ret_policy, .source = source, .mode = mode };

	*ret_policy = (struct policy){ .upstream_error = "" };
	ret_policy->file = arena_text(&ret_policy->arena, source->file);
	loader.is_json = looks_like_json(source->text, source->length);
	load(&loader);
	sort_findings(ret_policy);
	if (ret_policy->refusal == POLICY_ACCEPTED)
		return 0;
	for (size_t i = 0; i < ret_policy->finding_count; i++) {
		const struct policy_finding *finding = &ret_policy->findings[i];

		if (finding->severity != POLICY_ERROR)
			continue;
		if (finding->line == 0)
			return error_set(err, ERROR_INVALID, "%s: %s", ret_policy->file, finding->sentence);
		return error_set(err, ERROR_INVALID, "%s:%u: %s", ret_policy->file, finding->line, finding->sentence);
	}
	return error_set(err, ERROR_INVALID, "%s: %s", ret_policy->file, ret_policy->upstream_error);
}

void policy_release(struct policy *policy)
{
	selector_release(&policy->nodes);
	param_labels_release(policy->labels);
	free(policy->findings);
	arena_release(&policy->arena);
	*policy = (struct policy){ 0 };
}

void policy_finding_print(const struct policy *policy, const struct policy_finding *finding, struct buffer *out)
{
	static const char *const words[] = { "note", "warning", "error" };

	buffer_add_text(out, policy->file);
	if (finding->line)
		buffer_printf(out, ":%u", finding->line);
	buffer_printf(out, ": %s: %s", words[finding->severity], finding->sentence);
}

int policy_priority_in_cluster(void *cluster, const char *name, int32_t *ret_value, struct error *err)
{
	const struct cluster *known = cluster;
	const struct meta *found = cluster_find(known, KIND_PRIORITY_CLASS, name, NULL);

	if (!found && known->is_unread[KIND_PRIORITY_CLASS])
		return error_set(err, ERROR_FORBIDDEN, "PriorityClasses could not be read");
	if (!found)
		return error_set(err, ERROR_NOT_FOUND, "priorityclasses.scheduling.k8s.io \"%s\" not found", name);
	*ret_value = ((const struct priority_class *)(const void *)found)->value;
	return 0;
}
