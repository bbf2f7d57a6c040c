#include "write.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "clusterutils/model/policy.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "control.h"
#include "patch.h"
#include "pod.h"
#include "tree.h"

enum { NAME_MAX_LENGTH = 253 };

/* A tree that is freed where it is not handed on. */
static void tree_release(cJSON **tree)
{
	cJSON_Delete(*tree);
}
#define AUTO_TREE CLEANUP(tree_release) cJSON

/* --- refusals --- */

static void refuse_bad_request(struct request *request, const char *message)
{
	demo_refuse(request, &(struct demo_refusal){ .code = 400, .reason = "BadRequest" }, "%s", message);
}

static void refuse_invalid(struct request *request, enum kind kind, const char *name, const char *message)
{
	const struct demo_refusal refusal = { .code = 422, .reason = "Invalid", .kind = kind_info(kind), .name = name };

	demo_refuse(request, &refusal, "%s \"%s\" is invalid: %s", kind_info(kind)->name, name, message);
}

static void refuse_patch(struct request *request)
{
	demo_refuse(request, &(struct demo_refusal){ .code = 422, .reason = "Invalid" },
		"the server rejected our request due to an error in our request");
}

static void refuse_type(struct request *request, const char *accepted)
{
	demo_refuse(request, &(struct demo_refusal){ .code = 415, .reason = "UnsupportedMediaType" },
		"the body of the request was in an unknown format - accepted media types include: %s", accepted);
}

static void refuse_conflict(struct request *request, const struct demo_object *object, const char *message)
{
	struct demo_refusal refusal = {
		.code = 409, .reason = "Conflict", .kind = kind_info(object->kind), .name = object->name
	};
	char kind[128];

	demo_refuse(request, &refusal, "Operation cannot be fulfilled on %s \"%s\": %s",
		demo_kind_text(object->kind, kind), object->name, message);
}

/* --- bodies --- */

/* A body that is one JSON value. NULL, and the request is refused, where it is not. */
static cJSON *parse_body(struct request *request)
{
	AUTO_BUFFER text = { 0 };
	cJSON *tree = NULL;

	if (request->body_length > DEMO_MAX_OBJECT) {
		demo_refuse(request, &(struct demo_refusal){ .code = 413, .reason = "RequestEntityTooLarge" },
			"Request entity too large: limit is %d", DEMO_MAX_OBJECT);
		return NULL;
	}
	if (request->body && request->body_length)
		buffer_add(&text, request->body, request->body_length);
	if (strlen(buffer_text(&text)) == text.length)
		tree = cJSON_ParseWithLengthOpts(buffer_text(&text), text.length + 1, NULL, true);
	if (!tree)
		refuse_bad_request(request, "the object provided is unrecognized: it is not JSON");
	return tree;
}

static bool is_type(const struct request *request, const char *type)
{
	return request->content_type && strncmp(request->content_type, type, strlen(type)) == 0;
}

static bool is_dry_run(const struct request *request, const cJSON *options)
{
	const cJSON *value;

	if (text_equal(demo_parameter(request, "dryRun"), "All"))
		return true;
	cJSON_ArrayForEach (value, demo_tree_at(options, "dryRun"))
		if (text_equal(cJSON_GetStringValue(value), "All"))
			return true;
	return false;
}

static void answer_tree(struct request *request, int status, const cJSON *tree)
{
	AUTO_TREE_TEXT *text = demo_tree_print(tree);

	demo_answer_whole(request, status, text, strlen(text));
}

/* Whether the program's own decoder takes it: the only validation of a demo. */
static int check(enum kind kind, const cJSON *tree, struct error *err)
{
	struct decoder decoder = { 0 };
	struct cluster cluster;
	AUTO_TREE_TEXT *text = demo_tree_print(tree);
	int result = 0;

	cluster_init(&cluster);
	if (kind_is_stored(kind))
		result = decode_object(&decoder, kind, WIRE_JSON, text, strlen(text), &cluster, err);
	cluster_release(&cluster);
	decoder_release(&decoder);
	return result;
}

/* --- create --- */

/* RFC 1123, as the names of nearly all objects. */
static bool is_name(const char *name)
{
	size_t length = strlen(name);

	if (!length || length > NAME_MAX_LENGTH || !isalnum((unsigned char)name[0]) ||
		!isalnum((unsigned char)name[length - 1]))
		return false;
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.")] == '\0';
}

/* False, and the request is refused, where the object is not of the kind and place that the path names. */
static bool check_identity(struct request *request, enum kind kind, const char *namespace, cJSON *tree)
{
	const struct kind_info *info = kind_info(kind);
	const char *version = demo_tree_text(tree, "apiVersion"), *name = demo_tree_text(tree, "kind");
	const char *own = demo_tree_text(tree, "metadata namespace");
	enum kind found;

	if (!cJSON_IsObject(tree) || (version && name && (!kind_find(version, name, &found) || found != kind))) {
		refuse_bad_request(request, "the object provided is unrecognized: it is of another kind than the path");
		return false;
	}
	if ((info->scope == SCOPE_NAMESPACE) != (*namespace != '\0') || (*namespace && !is_name(namespace))) {
		refuse_bad_request(request, "an empty namespace may not be set during creation");
		return false;
	}
	if (own && *own && !text_equal(own, namespace)) {
		refuse_bad_request(request,
			"the namespace of the provided object does not match the namespace sent on the request");
		return false;
	}
	return true;
}

static void complete_identity(struct demo_world *world, enum kind kind, const char *namespace, cJSON *tree)
{
	const struct kind_info *info = kind_info(kind);
	cJSON *metadata = demo_tree_object(tree, "metadata");
	const char *prefix = demo_tree_text(metadata, "generateName");
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text, "%s%s%s", info->group, *info->group ? "/" : "", info->version);
	demo_tree_set_text(tree, "kind", info->name);
	demo_tree_set_text(tree, "apiVersion", buffer_text(&text));
	if (*namespace)
		demo_tree_set_text(metadata, "namespace", namespace);
	if (!demo_tree_text(metadata, "name") && prefix) {
		buffer_clear(&text);
		buffer_printf(&text, "%.240s", prefix);
		demo_add_suffix(world, &text, 5);
		demo_tree_set_text(metadata, "name", buffer_text(&text));
	}
	cJSON_DeleteItemFromObjectCaseSensitive(metadata, "resourceVersion");
	cJSON_DeleteItemFromObjectCaseSensitive(metadata, "deletionTimestamp");
	demo_tree_set_number(metadata, "generation", 1);
	cJSON_DeleteItemFromObjectCaseSensitive(tree, "status");
	if (kind == KIND_POD)
		demo_pod_default(world, tree);
}

static void create(
	struct demo_world *world, struct request *request, enum kind kind, const char *namespace, cJSON *tree)
{
	const char *name = demo_tree_text(tree, "metadata name");
	struct demo_object *object;
	struct demo_refusal exists = { .code = 409, .reason = "AlreadyExists", .kind = kind_info(kind), .name = name };
	struct error err;
	char text[128];

	if (demo_store_find(&world->store, kind, namespace, name)) {
		demo_refuse(request, &exists, "%s \"%s\" already exists", demo_kind_text(kind, text), name);
		return;
	}
	if (check(kind, tree, &err) < 0) {
		refuse_invalid(request, kind, name, err.message);
		return;
	}
	if (is_dry_run(request, NULL)) {
		answer_tree(request, 201, tree);
		return;
	}
	object = demo_create(world, kind, demo_tree_copy(tree), &err);
	if (!object) {
		refuse_invalid(request, kind, name, err.message);
		return;
	}
	answer_tree(request, 201, object->tree);
	demo_control_written(world, object, NULL);
}

void demo_write_create(struct demo_world *world, struct request *request, enum kind kind, const char *namespace)
{
	AUTO_TREE *tree = NULL;
	const char *name;

	if (!is_type(request, "application/json")) {
		refuse_type(request, "application/json");
		return;
	}
	tree = parse_body(request);
	if (!tree || !check_identity(request, kind, namespace, tree))
		return;
	complete_identity(world, kind, namespace, tree);
	name = demo_tree_text(tree, "metadata name");
	if (!name || !is_name(name))
		refuse_invalid(
			request, kind, name ? name : "", "metadata.name: a lowercase RFC 1123 subdomain is required");
	else
		create(world, request, kind, namespace, tree);
}

/* --- patch --- */

/* NULL, and the request is refused, where the patch does not fit. */
static cJSON *patched(struct request *request, struct demo_object *object)
{
	bool is_list = is_type(request, "application/json-patch+json");
	AUTO_TREE *patch = NULL;
	cJSON *tree;
	struct error err;

	if (!is_list && !is_type(request, "application/merge-patch+json") &&
		!is_type(request, "application/strategic-merge-patch+json")) {
		refuse_type(request,
			"application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json");
		return NULL;
	}
	patch = parse_body(request);
	if (!patch)
		return NULL;
	if (is_list != cJSON_IsArray(patch) || (!is_list && !cJSON_IsObject(patch))) {
		refuse_bad_request(request, "the patch is not of the type that the request names");
		return NULL;
	}
	tree = demo_tree_copy(demo_object_tree(object));
	if (!is_list) {
		demo_patch_merge(&tree, patch);
		return tree;
	}
	if (demo_patch_operations(&tree, patch, &err) == 0)
		return tree;
	cJSON_Delete(tree);
	refuse_patch(request);
	return NULL;
}

static bool is_same(const cJSON *a, const cJSON *b, const char *path)
{
	return text_equal(demo_tree_text(a, path), demo_tree_text(b, path));
}

static void write_patched(struct demo_world *world, struct request *request, struct demo_object *object, cJSON *tree)
{
	AUTO_TREE *before = demo_tree_copy(demo_object_tree(object));
	struct error err;

	cJSON_Delete(object->tree);
	object->tree = demo_tree_copy(tree);
	if (demo_store_commit(&world->store, object, &err) < 0) {
		refuse_invalid(request, object->kind, object->name, err.message);
		return;
	}
	answer_tree(request, 200, object->tree);
	demo_control_written(world, object, before);
}

void demo_write_patch(struct demo_world *world, struct request *request, struct demo_object *object)
{
	static const char *const immutable[] = { "kind", "apiVersion", "metadata name", "metadata namespace",
		"metadata uid", "metadata creationTimestamp" };
	const cJSON *current = demo_object_tree(object);
	AUTO_TREE *tree = patched(request, object);
	struct error err;

	if (!tree)
		return;
	for (size_t i = 0; i < ARRAY_LEN(immutable); i++)
		if (!is_same(tree, current, immutable[i])) {
			refuse_invalid(request, object->kind, object->name, "metadata: field is immutable");
			return;
		}
	if (!is_same(tree, current, "metadata resourceVersion"))
		refuse_conflict(request, object,
			"the object has been modified; please apply your changes to the latest version and try again");
	else if (check(object->kind, tree, &err) < 0)
		refuse_invalid(request, object->kind, object->name, err.message);
	else if (is_dry_run(request, NULL) || cJSON_Compare(tree, current, true))
		answer_tree(request, 200, tree);
	else
		write_patched(world, request, object, tree);
}

/* --- delete --- */

/* The options of a body, or none: NULL, and *ret_ok false where the body is no JSON. */
static cJSON *parse_options(struct request *request, bool *ret_ok)
{
	cJSON *options = request->body_length ? parse_body(request) : NULL;

	*ret_ok = options || !request->body_length;
	return options;
}

/* Source: k8s.io/apiserver/pkg/registry/rest/delete.go (BeforeDelete), v0.34. */
static bool check_preconditions(struct request *request, const struct demo_object *object, const cJSON *options)
{
	const char *uid = demo_tree_text(options, "preconditions uid");
	const char *version = demo_tree_text(options, "preconditions resourceVersion");
	struct demo_refusal refusal = {
		.code = 409, .reason = "Conflict", .kind = kind_info(object->kind), .name = object->name
	};

	if (uid && !text_equal(uid, object->uid)) {
		demo_refuse(request, &refusal,
			"Operation cannot be fulfilled on %s \"%s\": the UID in the precondition (%.64s) does not match the UID "
			"in record (%s). The object might have been deleted and then recreated",
			kind_info(object->kind)->name, object->name, uid, object->uid);
		return false;
	}
	if (version && !text_equal(version, demo_tree_text(object->tree, "metadata resourceVersion"))) {
		demo_refuse(request, &refusal,
			"Operation cannot be fulfilled on %s \"%s\": the ResourceVersion in the precondition (%.64s) does not "
			"match the ResourceVersion in record. The object might have been modified",
			kind_info(object->kind)->name, object->name, version);
		return false;
	}
	return true;
}

static void answer_success(struct request *request, int status, const struct demo_object *object)
{
	AUTO_BUFFER out = { 0 };

	buffer_add_text(&out, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\"");
	if (object)
		buffer_printf(&out, ",\"details\":{\"name\":\"%s\",\"kind\":\"%s\",\"uid\":\"%s\"}", object->name,
			kind_info(object->kind)->resource, object->uid);
	else
		buffer_printf(&out, ",\"code\":%d", status);
	buffer_add_char(&out, '}');
	demo_answer_whole(request, status, out.bytes, out.length);
}

static int64_t grace_of(const struct request *request, const cJSON *options)
{
	uint64_t seconds;

	if (text_to_uint(demo_parameter(request, "gracePeriodSeconds"), 86400, &seconds))
		return (int64_t)seconds;
	return demo_tree_number(options, "gracePeriodSeconds", DEMO_GRACE_DEFAULT);
}

void demo_write_delete(struct demo_world *world, struct request *request, struct demo_object *object)
{
	bool is_pod = object->kind == KIND_POD, ok;
	AUTO_TREE *options = parse_options(request, &ok);

	demo_object_tree(object);
	if (!ok || !check_preconditions(request, object, options))
		return;
	if (is_dry_run(request, options)) {
		answer_success(request, 200, object);
		return;
	}
	if (is_pod)
		answer_tree(request, 200, object->tree);
	else
		answer_success(request, 200, object);
	if (is_pod)
		demo_pod_delete(world, object, grace_of(request, options));
	else
		demo_control_delete(world, object);
}

/* --- eviction --- */

/* Those that select the pod; *ret_first the first of them. */
static size_t count_budgets(struct demo_world *world, const struct demo_object *pod, struct demo_object **ret_first)
{
	const struct index *budgets = &world->store.objects[KIND_POD_DISRUPTION_BUDGET];
	size_t count = 0;

	for (size_t i = 0; i < budgets->count; i++) {
		if (!demo_budget_selects(world, budgets->items[i], pod))
			continue;
		if (!count++)
			*ret_first = budgets->items[i];
	}
	return count;
}

static void refuse_disruption(struct request *request, struct demo_object *budget)
{
	const cJSON *tree = demo_object_tree(budget);
	AUTO_BUFFER message = { 0 };
	struct demo_refusal refusal = { .code = 429, .reason = "TooManyRequests", .cause = "DisruptionBudget" };

	buffer_printf(&message, "The disruption budget %s needs %lld healthy pods and has %lld currently", budget->name,
		(long long)demo_tree_number(tree, "status desiredHealthy", 0),
		(long long)demo_tree_number(tree, "status currentHealthy", 0));
	refusal.cause_message = buffer_text(&message);
	demo_refuse(request, &refusal, "Cannot evict pod as it would violate the pod's disruption budget.");
}

/* Source: k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go (canIgnorePDB, checkAndDecrement), v0.34; of
 * unhealthyPodEvictionPolicy the default, IfHealthyBudget. */
static bool budget_allows(struct demo_world *world, struct request *request, struct demo_object *pod)
{
	const char *phase = demo_tree_text(demo_object_tree(pod), "status phase");
	struct demo_object *budget = NULL;
	size_t count;
	const cJSON *tree;

	if (text_equal(phase, "Pending") || demo_pod_is_stopping(pod))
		return true;
	count = count_budgets(world, pod, &budget);
	if (!count)
		return true;
	if (count > 1) {
		demo_refuse(request, &(struct demo_refusal){ .code = 500, .reason = "InternalError" },
			"This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
		return false;
	}
	tree = demo_object_tree(budget);
	if (demo_tree_number(tree, "status disruptionsAllowed", 0) > 0)
		return true;
	if (!demo_pod_is_ready(pod) && demo_tree_number(tree, "status desiredHealthy", 0) > 0 &&
		demo_tree_number(tree, "status currentHealthy", 0) >=
			demo_tree_number(tree, "status desiredHealthy", 0))
		return true;
	refuse_disruption(request, budget);
	return false;
}

void demo_write_evict(struct demo_world *world, struct request *request, struct demo_object *pod)
{
	AUTO_TREE *eviction = NULL;
	const cJSON *options;

	if (!is_type(request, "application/json")) {
		refuse_type(request, "application/json");
		return;
	}
	eviction = parse_body(request);
	if (!eviction)
		return;
	options = demo_tree_at(eviction, "deleteOptions");
	demo_object_tree(pod);
	if (!text_equal(demo_tree_text(eviction, "metadata name"), pod->name)) {
		refuse_bad_request(request, "name in URL does not match name in Eviction object");
		return;
	}
	if (!check_preconditions(request, pod, options) || !budget_allows(world, request, pod))
		return;
	if (!is_dry_run(request, options)) {
		if (!demo_pod_is_stopping(pod)) {
			demo_condition_set(world, pod, "DisruptionTarget", true, "EvictionByEvictionAPI");
			demo_commit(world, pod);
		}
		demo_pod_delete(world, pod, grace_of(request, options));
	}
	answer_success(request, 201, NULL);
}
