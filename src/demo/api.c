#include "api.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "clusterutils/kube/path.h"
#include "clusterutils/util/text.h"
#include "prometheus.h"
#include "summary.h"
#include "usage.h"
#include "write.h"

static const char version_text[] =
	"{\"major\":\"1\",\"minor\":\"34\",\"gitVersion\":\"v1.34.4+k3s1\","
	"\"gitCommit\":\"3c5f4c9d2b1e47a8c0d7f6e5b4a39281706f5e4d\",\"gitTreeState\":\"clean\","
	"\"buildDate\":\"2026-02-12T10:21:07Z\",\"goVersion\":\"go1.24.12\",\"compiler\":\"gc\",\"platform\":\"linux/amd64\"}";

static const char metrics_text[] =
	"{\"kind\":\"APIGroup\",\"apiVersion\":\"v1\",\"name\":\"metrics.k8s.io\","
	"\"versions\":[{\"groupVersion\":\"metrics.k8s.io/v1beta1\",\"version\":\"v1beta1\"}],"
	"\"preferredVersion\":{\"groupVersion\":\"metrics.k8s.io/v1beta1\",\"version\":\"v1beta1\"}}";

/* Documents that never change. */
static const struct {
	const char *path, *text;
} documents[] = {
	{ "/version", version_text },
	{ "/apis/metrics.k8s.io", metrics_text },
};

/* What a path names beyond its collection. */
struct target {
	enum kind kind;
	char name[PATH_SIZE];
	char subresource[64]; /* "" for the object itself */
};

static bool is_verb(const struct request *request, const char *verb)
{
	return text_equal(request->verb, verb);
}

static bool answer_document(struct request *request)
{
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		if (!text_equal(request->path, documents[i].path))
			continue;
		if (is_verb(request, "GET"))
			demo_answer_whole(request, 200, documents[i].text, strlen(documents[i].text));
		else
			demo_refuse_method(request);
		return true;
	}
	return false;
}

/* "/api/v1/namespaces/web/pods/shop/eviction": what remains after one or two names are cut off is a collection. */
static bool find_target(const char *path, struct target *ret_target, char ret_namespace[PATH_SIZE])
{
	char collection[PATH_SIZE];
	char *slash, *second;

	*ret_target = (struct target){ 0 };
	if (strlen(path) >= sizeof(collection))
		return false;
	memcpy(collection, path, strlen(path) + 1);
	slash = strrchr(collection, '/');
	if (!slash || !slash[1])
		return false;
	*slash = '\0';
	snprintf(ret_target->name, sizeof(ret_target->name), "%s", slash + 1);
	if (path_to_kind(collection, &ret_target->kind, ret_namespace))
		return true;
	second = strrchr(collection, '/');
	if (!second || !second[1] || strlen(slash + 1) >= sizeof(ret_target->subresource))
		return false;
	*second = '\0';
	memcpy(ret_target->subresource, slash + 1, strlen(slash + 1) + 1);
	snprintf(ret_target->name, sizeof(ret_target->name), "%s", second + 1);
	return path_to_kind(collection, &ret_target->kind, ret_namespace);
}

static bool is_writable(enum kind kind)
{
	return kind != KIND_NODE_METRICS && kind != KIND_POD_METRICS;
}

static void get_object(
	struct demo_world *world, struct request *request, const struct target *target, const char *namespace)
{
	const struct demo_object *object = demo_store_find(&world->store, target->kind, namespace, target->name);
	AUTO_BUFFER metrics = { 0 };

	if (!is_writable(target->kind) && !demo_usage_is_old(world)) {
		if (demo_usage_print(world, target->kind, namespace, target->name, &metrics))
			demo_answer_whole(request, 200, metrics.bytes, metrics.length);
		else
			demo_refuse_not_found(request, target->kind, target->name);
	} else if (object)
		demo_answer_whole(request, 200, object->text->bytes, object->text->length);
	else
		demo_refuse_not_found(request, target->kind, target->name);
}

/* A client that cannot read JSON cannot be served. */
static bool accepts_json(const struct request *request)
{
	return !request->accept || strstr(request->accept, "json") || strstr(request->accept, "*/*");
}

static void write_object(
	struct demo_world *world, struct request *request, const struct target *target, const char *namespace)
{
	bool is_eviction = target->kind == KIND_POD && text_equal(target->subresource, "eviction");
	struct demo_object *object;

	if (*target->subresource && !is_eviction) {
		demo_refuse_path(request);
		return;
	}
	if (!is_writable(target->kind) || !(is_verb(request, "PATCH") || is_verb(request, "DELETE") || is_eviction) ||
		(is_eviction && !is_verb(request, "POST"))) {
		demo_refuse_method(request);
		return;
	}
	demo_world_begin(world);
	object = demo_store_find(&world->store, target->kind, namespace, target->name);
	if (!object)
		demo_refuse_not_found(request, target->kind, target->name);
	else if (is_eviction)
		demo_write_evict(world, request, object);
	else if (is_verb(request, "PATCH"))
		demo_write_patch(world, request, object);
	else
		demo_write_delete(world, request, object);
}

static void serve_object(struct demo_world *world, struct demo_exchange *exchange, const struct target *target)
{
	struct request *request = exchange->request;

	if (is_verb(request, "GET") && !*target->subresource)
		get_object(world, request, target, exchange->namespace);
	else
		write_object(world, request, target, exchange->namespace);
}

static void serve_collection(struct demo_world *world, struct demo_exchange *exchange, enum kind kind)
{
	struct request *request = exchange->request;

	if (is_verb(request, "GET")) {
		demo_collection_get(world, exchange, kind);
		return;
	}
	if (!is_verb(request, "POST") || !is_writable(kind)) {
		demo_refuse_method(request);
		return;
	}
	demo_world_begin(world);
	demo_write_create(world, request, kind, exchange->namespace);
}

void demo_api_serve(struct demo_world *world, struct demo_exchange *exchange)
{
	struct request *request = exchange->request;
	struct target target;
	enum kind kind;

	if (!accepts_json(request))
		demo_refuse(request, &(struct demo_refusal){ .code = 406, .reason = "NotAcceptable" },
			"only the following media types are accepted: application/json");
	else if (answer_document(request) || demo_prometheus_serve(world, request) ||
		demo_summary_serve(world, request))
		return;
	else if (path_to_kind(request->path, &kind, exchange->namespace))
		serve_collection(world, exchange, kind);
	else if (find_target(request->path, &target, exchange->namespace))
		serve_object(world, exchange, &target);
	else
		demo_refuse_path(request);
}
