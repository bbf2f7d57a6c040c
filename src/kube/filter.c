#include "clusterutils/kube/filter.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/kube/json.h"
#include "clusterutils/util/text.h"
#include "value_format.h"

/* A field that a server can select by, and where its value stands. What Go leaves out of the JSON because it is zero
 * still has a value. Source: AddFieldLabelConversionFunc in k8s.io/kubernetes/pkg/apis, and the ToSelectableFields of
 * pkg/registry. */
struct selectable {
	const char *name;
	const char *path;    /* NULL: its name */
	const char *instead; /* where it stands if it is empty there */
	const char *absent;  /* its value where it is nowhere; NULL for "" */
};

static const struct selectable common_fields[] = {
	{ .name = "metadata.name" },
	{ .name = "metadata.namespace" },
	{ 0 },
};

static const struct selectable pod_fields[] = {
	{ .name = "spec.nodeName" },
	{ .name = "spec.restartPolicy" },
	{ .name = "spec.schedulerName" },
	{ .name = "spec.serviceAccountName" },
	{ .name = "spec.hostNetwork", .absent = "false" },
	{ .name = "status.phase" },
	{ .name = "status.podIP" },
	{ .name = "status.nominatedNodeName" },
	{ 0 },
};

static const struct selectable node_fields[] = {
	{ .name = "spec.unschedulable", .absent = "false" },
	{ 0 },
};

static const struct selectable event_fields[] = {
	{ .name = "involvedObject.kind", .instead = "regarding.kind" },
	{ .name = "involvedObject.namespace", .instead = "regarding.namespace" },
	{ .name = "involvedObject.name", .instead = "regarding.name" },
	{ .name = "involvedObject.uid", .instead = "regarding.uid" },
	{ .name = "involvedObject.apiVersion", .instead = "regarding.apiVersion" },
	{ .name = "involvedObject.resourceVersion", .instead = "regarding.resourceVersion" },
	{ .name = "involvedObject.fieldPath", .instead = "regarding.fieldPath" },
	{ .name = "reason" },
	{ .name = "reportingComponent", .instead = "reportingController" },
	{ .name = "source", .path = "source.component", .instead = "reportingComponent" },
	{ .name = "type" },
	{ 0 },
};

static const struct selectable replica_set_fields[] = {
	{ .name = "status.replicas", .absent = "0" },
	{ 0 },
};

static const struct selectable job_fields[] = {
	{ .name = "status.successful", .path = "status.succeeded", .absent = "0" },
	{ 0 },
};

static const struct selectable *fields_of(enum kind kind)
{
	static const struct selectable none[] = { { 0 } };

	switch (kind) {
	case KIND_POD:
		return pod_fields;
	case KIND_NODE:
		return node_fields;
	case KIND_EVENT:
		return event_fields;
	case KIND_REPLICA_SET:
		return replica_set_fields;
	case KIND_JOB:
		return job_fields;
	default:
		return none;
	}
}

static const struct selectable *find_field(enum kind kind, const char *name)
{
	const struct selectable *const tables[] = { common_fields, fields_of(kind) };

	for (size_t i = 0; i < 2; i++)
		for (const struct selectable *field = tables[i]; field->name; field++)
			if (strcmp(field->name, name) == 0)
				return field;
	return NULL;
}

int filter_init(
	struct filter *filter, enum kind kind, const char *namespace, const struct request *request, struct error *err)
{
	*filter = (struct filter){ .kind = kind, .namespace = namespace };
	for (size_t i = 0; i < request->parameter_count; i++) {
		const struct request_parameter *parameter = &request->parameters[i];
		int result = 0;

		if (strcmp(parameter->name, "labelSelector") == 0)
			result = selector_parse(parameter->value, &filter->labels, err);
		else if (strcmp(parameter->name, "fieldSelector") == 0)
			result = field_selector_parse(parameter->value, &filter->fields, err);
		if (result < 0)
			return -1;
	}
	for (size_t i = 0; i < filter->fields.count; i++)
		if (!find_field(kind, filter->fields.terms[i].field))
			return error_set(
				err, ERROR_INVALID, "field label not supported: %s", filter->fields.terms[i].field);
	filter->is_trivial = !*namespace && selector_is_everything(&filter->labels) && filter->fields.count == 0;
	return 0;
}

void filter_release(struct filter *filter)
{
	selector_release(&filter->labels);
	field_selector_release(&filter->fields);
}

/* Of equal keys the last counts, as it does where the object is decoded. */
static const cJSON *member_of(const cJSON *object, const char *key, size_t length)
{
	const cJSON *found = NULL;

	for (const cJSON *member = object ? object->child : NULL; member; member = member->next)
		if (member->string && strlen(member->string) == length && memcmp(member->string, key, length) == 0)
			found = member;
	return found;
}

/* An object, and room for a value that is none of its texts. */
struct subject {
	const cJSON *object;
	enum kind kind;
	char *number;
};

enum { NUMBER_SIZE = 32 };

/* "spec.nodeName" in the tree. NULL for what is not there, or is no scalar. */
static const char *value_at(const struct subject *subject, const char *path)
{
	const cJSON *value = subject->object;

	for (;;) {
		size_t length = strcspn(path, ".");

		value = member_of(value, path, length);
		path += length;
		if (!*path)
			break;
		path++;
	}
	if (!value)
		return NULL;
	if (cJSON_IsBool(value))
		return cJSON_IsTrue(value) ? "true" : "false";
	if (cJSON_IsNumber(value)) {
		snprintf(subject->number, NUMBER_SIZE, "%.0f", value->valuedouble);
		return subject->number;
	}
	return cJSON_IsString(value) ? value->valuestring : NULL;
}

static const char *lookup(const void *object, const char *name)
{
	const struct subject *subject = object;
	const struct selectable *field = find_field(subject->kind, name);
	const char *value;

	if (!field)
		return NULL; /* filter_init has refused it */
	value = value_at(subject, field->path ? field->path : name);
	if (field->instead && (!value || !*value))
		value = value_at(subject, field->instead);
	return value && *value ? value : field->absent;
}

static const struct labels *labels_of(const cJSON *object, struct arena *scratch)
{
	const cJSON *map = member_of(member_of(object, "metadata", 8), "labels", 6);
	struct map_entry *entries;
	struct labels *labels;
	size_t count = 0;

	for (const cJSON *member = map ? map->child : NULL; member; member = member->next)
		count++;
	entries = arena_alloc(scratch, count * sizeof(*entries));
	count = 0;
	for (const cJSON *member = map ? map->child : NULL; member; member = member->next)
		if (member->string && cJSON_IsString(member)) {
			entries[count] = (struct map_entry){ .key = member->string, .position = count, .json = member };
			count++;
		}
	labels = arena_alloc(scratch, sizeof(*labels) + count * sizeof(labels->items[0]));
	labels->count = map_sort(entries, count);
	for (size_t i = 0; i < labels->count; i++)
		labels->items[i] = (struct label){ entries[i].key, entries[i].json->valuestring };
	return labels;
}

bool filter_matches(const struct filter *filter, const char *json, size_t length, struct arena *scratch)
{
	char number[NUMBER_SIZE];
	struct subject subject = { .kind = filter->kind, .number = number };
	struct error ignored;

	if (filter->is_trivial)
		return true;
	subject.object = json_parse(scratch, json, length, &ignored);
	if (!subject.object)
		return true; /* whoever decodes it will say what is wrong */
	if (*filter->namespace && !text_equal(value_at(&subject, "metadata.namespace"), filter->namespace))
		return false;
	if (!field_selector_matches(&filter->fields, lookup, &subject))
		return false;
	return selector_is_everything(&filter->labels) ||
		selector_matches(&filter->labels, labels_of(subject.object, scratch));
}
