#include "clusterutils/kube/memory.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clusterutils/kube/filter.h"
#include "clusterutils/kube/json.h"
#include "clusterutils/kube/path.h"
#include "clusterutils/kube/peek.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "input.h"

struct memory_source {
	char *path; /* NULL: bytes */
	const char *name;
	const unsigned char *bytes;
	size_t length;
};

/* A list that is being answered. */
struct listing {
	struct request *request;
	struct filter filter;
	char namespace[PATH_SIZE];
	bool begun; /* the head of the list has been sent */
	bool seen;  /* an object of its kind, asked for or not */
	bool waits; /* it came during a pass, and waits for the next */
};

struct memory {
	struct transport transport;
	struct memory_source *sources;
	size_t source_count, source_capacity;
	struct listing **listings;
	size_t listing_count, listing_capacity;
	struct input *input; /* of the source that is being read; NULL between two */
	size_t next_source;
	bool in_pass;
	bool stdin_read;
	struct peek
		list; /* of the list that the input is inside of: apiVersion and kind of its items; "" in kind for none */
	struct arena scratch;
};

/* --- sources --- */

static void add_source(struct memory *memory, struct memory_source source)
{
	ARRAY_GROW(memory->sources, memory->source_count, memory->source_capacity);
	memory->sources[memory->source_count++] = source;
}

static bool is_dump(const char *name)
{
	static const char *const endings[] = { ".json", ".yaml", ".yml", ".json.gz", ".yaml.gz", ".yml.gz" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (name[0] != '.' && text_ends_with(name, endings[i]))
			return true;
	return false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_folder(struct memory *memory, const char *path, struct error *err)
{
	DIR *folder = opendir(path);
	char **names = NULL;
	size_t count = 0, capacity = 0;

	if (!folder)
		return error_set(err, ERROR_FAILED, "%s: %s", path, strerror(errno));
	for (const struct dirent *entry; (entry = readdir(folder));) {
		char *name;
		size_t size = strlen(path) + strlen(entry->d_name) + 2;

		if (!is_dump(entry->d_name))
			continue;
		name = memory_new(size);
		snprintf(name, size, "%s/%s", path, entry->d_name);
		ARRAY_GROW(names, count, capacity);
		names[count++] = name;
	}
	closedir(folder);
	if (count)
		qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count; i++)
		add_source(memory, (struct memory_source){ .path = names[i] });
	free(names);
	return count ? 0 : error_set(err, ERROR_NOT_FOUND, "%s: no .json or .yaml file in this folder", path);
}

int memory_add_path(struct transport *transport, const char *path, struct error *err)
{
	struct memory *memory = (struct memory *)(void *)transport;
	struct stat info;

	if (strcmp(path, "-") != 0) {
		if (stat(path, &info) < 0)
			return error_set(
				err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_FAILED, "%s: %s", path, strerror(errno));
		if (S_ISDIR(info.st_mode))
			return add_folder(memory, path, err);
	}
	add_source(memory, (struct memory_source){ .path = memory_copy_text(path) });
	return 0;
}

void memory_add_bytes(struct transport *transport, const char *name, const unsigned char *bytes, size_t length)
{
	add_source((struct memory *)(void *)transport,
		(struct memory_source){ .name = name, .bytes = bytes, .length = length });
}

/* --- answers --- */

static int send(struct listing *listing, const char *bytes, size_t length)
{
	struct request *request = listing->request;

	return request->on_bytes(request->context, bytes, length, &request->error);
}

static int send_head(struct listing *listing)
{
	const struct kind_info *info = kind_info(listing->filter.kind);
	char head[512];
	int length = snprintf(head, sizeof(head),
		"{\"kind\":\"%sList\",\"apiVersion\":\"%s%s%s\",\"metadata\":{\"resourceVersion\":\"0\"},\"items\":[",
		info->name, info->group, *info->group ? "/" : "", info->version);

	listing->begun = true;
	return send(listing, head, (size_t)length);
}

static void send_item(struct listing *listing, const char *json, size_t length)
{
	if (listing->request->error.code)
		return;
	if (listing->begun ? send(listing, ",", 1) < 0 : send_head(listing) < 0)
		return;
	send(listing, json, length);
}

static void answer_not_found(struct request *request)
{
	request->status = 404;
	error_set(&request->error, ERROR_NOT_FOUND, "the server could not find the requested resource");
	request->error.http_status = 404;
}

/* Files do not change by themselves: who wants to go on reads them again. */
static void refuse_watch(struct request *request)
{
	request->status = 405;
	error_set(&request->error, ERROR_FAILED, "files cannot be watched");
	request->error.http_status = 405;
}

/* The end of a pass, or the error that ended it. */
static void finish_listing(struct listing *listing, const struct error *err)
{
	struct request *request = listing->request;

	if (err && !request->error.code)
		request->error = *err;
	/* No metrics in the files: a server without metrics-server does not know the group either. */
	if (!request->error.code && !listing->seen &&
		strcmp(kind_info(listing->filter.kind)->group, "metrics.k8s.io") == 0)
		answer_not_found(request);
	if (!request->error.code && !listing->begun)
		send_head(listing);
	if (!request->error.code)
		send(listing, "]}", 2);
	if (!request->error.code)
		request->status = 200;
	request->done = true;
	filter_release(&listing->filter);
	free(listing);
}

/* --- the pass --- */

/* "PodList" becomes "Pod", "List" becomes "": false for what is no list. */
static bool cut_list(char *kind)
{
	if (!text_ends_with(kind, "List"))
		return false;
	kind[strlen(kind) - strlen("List")] = '\0';
	return true;
}

/* "PodList" holds Pods; a plain "List" holds whatever its items say. */
static int begin_list(void *context, const char *envelope, size_t length, struct error *err)
{
	struct memory *memory = context;

	(void)err;
	memory->list = peek_object(envelope, length);
	if (!cut_list(memory->list.kind))
		memory->list.kind[0] = '\0';
	return 0;
}

static int end_list(void *context, const char *envelope, size_t length, struct error *err)
{
	struct memory *memory = context;

	(void)envelope;
	(void)length;
	(void)err;
	memory->list.kind[0] = '\0';
	return 0;
}

/* "List", or the list of a kind that the program knows: a custom kind may end in "List" too. */
static bool is_list(const struct peek *object)
{
	struct peek item = *object;
	enum kind kind;

	return cut_list(item.kind) && (!*item.kind || kind_find(item.api_version, item.kind, &kind));
}

static void offer_object(struct memory *memory, struct listing *listing, const char *json, size_t length)
{
	listing->seen = true;
	if (filter_matches(&listing->filter, json, length, &memory->scratch))
		send_item(listing, json, length);
}

/* Of kinds that the program does not know nothing is asked. */
static int route_object(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	struct memory *memory = context;
	struct peek object = *memory->list.kind && *memory->list.api_version ? memory->list : peek_object(json, length);
	enum kind kind;

	if (!*object.kind)
		memcpy(object.kind, memory->list.kind, sizeof(object.kind));
	if (!*object.kind)
		return error_set(err, ERROR_INVALID, "line %llu: an object without a kind", (unsigned long long)line);
	if (is_list(&object))
		return error_set(err, ERROR_INVALID, "line %llu: a list inside a list", (unsigned long long)line);
	if (!kind_find(object.api_version, object.kind, &kind))
		return 0;
	for (size_t i = 0; i < memory->listing_count; i++) {
		struct listing *listing = memory->listings[i];

		if (listing->filter.kind == kind && !listing->waits)
			offer_object(memory, listing, json, length);
	}
	return 0;
}

static const struct framer_events pass_events = {
	.on_list = begin_list, .on_object = route_object, .on_list_end = end_list
};

static void close_input(struct memory *memory)
{
	input_close(memory->input);
	free(memory->input);
	memory->input = NULL;
	memory->list.kind[0] = '\0';
}

static int open_source(struct memory *memory, struct error *err)
{
	const struct memory_source *source = &memory->sources[memory->next_source++];

	if (source->path && strcmp(source->path, "-") == 0) {
		if (memory->stdin_read)
			return error_set(err, ERROR_FAILED, "standard input can be read only once");
		memory->stdin_read = true;
	}
	memory->input = memory_new(sizeof(*memory->input));
	if (!source->path) {
		input_open_bytes(memory->input, source->name, source->bytes, source->length);
		return 0;
	}
	if (input_open_file(memory->input, source->path, err) == 0)
		return 0;
	free(memory->input);
	memory->input = NULL;
	return -1;
}

/* A request that is started by the end of another belongs to the next pass. */
static void end_pass(struct memory *memory, const struct error *err)
{
	size_t kept = 0;

	if (memory->input)
		close_input(memory);
	for (size_t i = 0; i < memory->listing_count; i++) {
		struct listing *listing = memory->listings[i];

		if (listing->waits) {
			listing->waits = false;
			memory->listings[kept++] = listing;
		} else {
			finish_listing(listing, err);
		}
	}
	memory->listing_count = kept;
	memory->in_pass = false;
}

static void memory_step(struct transport *transport, int timeout_ms)
{
	struct memory *memory = (struct memory *)(void *)transport;
	struct error err;
	int result;

	(void)timeout_ms; /* files do not keep one waiting */
	if (!memory->listing_count)
		return;
	if (!memory->in_pass) {
		memory->in_pass = true;
		memory->next_source = 0;
	}
	if (!memory->input) {
		if (memory->next_source == memory->source_count) {
			end_pass(memory, NULL);
			return;
		}
		if (open_source(memory, &err) < 0) {
			end_pass(memory, &err);
			return;
		}
	}
	result = input_step(memory->input, &pass_events, memory, &err);
	if (result < 0)
		end_pass(memory, &err);
	else if (result == 0)
		close_input(memory);
}

static void memory_start(struct transport *transport, struct request *request)
{
	struct memory *memory = (struct memory *)(void *)transport;
	struct listing *listing = NEW(struct listing);
	enum kind kind;

	request->done = false;
	request->status = 0;
	error_clear(&request->error);
	snprintf(request->type, sizeof(request->type), "application/json");
	listing->request = request;
	listing->waits = memory->in_pass;
	if (request->is_watch)
		refuse_watch(request);
	else if (strcmp(request->verb, "GET") != 0 || !path_to_kind(request->path, &kind, listing->namespace)) {
		answer_not_found(request);
	} else if (filter_init(&listing->filter, kind, listing->namespace, request, &request->error) < 0) {
		request->status = request->error.http_status = 400;
		filter_release(&listing->filter);
	}
	if (request->error.code) {
		request->done = true;
		free(listing);
		return;
	}
	ARRAY_GROW(memory->listings, memory->listing_count, memory->listing_capacity);
	memory->listings[memory->listing_count++] = listing;
}

static void memory_cancel(struct transport *transport, struct request *request)
{
	struct memory *memory = (struct memory *)(void *)transport;
	size_t kept = 0;

	for (size_t i = 0; i < memory->listing_count; i++) {
		struct listing *listing = memory->listings[i];

		if (listing->request != request) {
			memory->listings[kept++] = listing;
			continue;
		}
		filter_release(&listing->filter);
		free(listing);
	}
	memory->listing_count = kept;
}

static void memory_free(struct transport *transport)
{
	struct memory *memory = (struct memory *)(void *)transport;

	if (memory->input)
		close_input(memory);
	for (size_t i = 0; i < memory->listing_count; i++) {
		filter_release(&memory->listings[i]->filter);
		free(memory->listings[i]);
	}
	free(memory->listings);
	for (size_t i = 0; i < memory->source_count; i++)
		free(memory->sources[i].path);
	free(memory->sources);
	arena_release(&memory->scratch);
	free(memory);
}

struct transport *memory_transport_new(void)
{
	static const struct transport_class class = { memory_start, memory_cancel, memory_step, memory_free };
	struct memory *memory = NEW(struct memory);

	memory->transport = (struct transport){ .class = &class, .wake_fd = -1 };
	return &memory->transport;
}
