#include "history.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/output/table.h"
#include "clusterutils/util/memory.h"

enum { UNKNOWN = -1, MOST = INT16_MAX };

struct course {
	char *node;
	int64_t taken; /* of the newest sample */
	bool is_seen;
	uint16_t next, count;
	int16_t cpu[HISTORY_SAMPLES]; /* thousandths, or UNKNOWN */
};

static struct index_key key_of_course(const void *object)
{
	return (struct index_key){ ((const struct course *)object)->node, NULL };
}

void history_init(struct history *history)
{
	index_init(&history->nodes, key_of_course);
}

static void free_course(struct course *course)
{
	free(course->node);
	free(course);
}

void history_release(struct history *history)
{
	for (size_t i = 0; i < history->nodes.count; i++)
		free_course(history->nodes.items[i]);
	index_release(&history->nodes);
}

static struct course *course_of(struct history *history, const char *node)
{
	struct course *course = index_find(&history->nodes, node, NULL);

	if (course)
		return course;
	course = NEW(struct course);
	course->node = memory_copy_text(node);
	course->taken = TIME_NONE;
	index_add(&history->nodes, course);
	return course;
}

static int16_t thousandths(int64_t use, int64_t allocatable)
{
	int64_t unit = allocatable / 1000;

	if (use == RESOURCE_UNKNOWN || allocatable == RESOURCE_UNKNOWN || unit <= 0)
		return UNKNOWN;
	return (int16_t)(use / unit < MOST ? use / unit : MOST);
}

static void note(struct course *course, const struct node_entry *entry)
{
	course->cpu[course->next] = thousandths(entry->sample.usage.cpu, entry->node->allocatable.cpu);
	course->taken = entry->sample.taken;
	course->next = (uint16_t)((course->next + 1) % HISTORY_SAMPLES);
	if (course->count < HISTORY_SAMPLES)
		course->count++;
}

void history_take(struct history *history, const struct cluster *cluster)
{
	for (size_t i = 0; i < history->nodes.count; i++)
		((struct course *)history->nodes.items[i])->is_seen = false;
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);
		struct course *course;

		if (!entry->node)
			continue;
		course = course_of(history, entry->name);
		course->is_seen = true;
		if (entry->sample.taken != TIME_NONE && entry->sample.taken != course->taken)
			note(course, entry);
	}
	for (size_t i = history->nodes.count; i-- > 0;) {
		struct course *course = history->nodes.items[i];

		if (course->is_seen)
			continue;
		index_remove(&history->nodes, course->node, NULL);
		free_course(course);
	}
}

size_t history_cpu(const struct history *history, const char *node, int64_t ret_values[HISTORY_SAMPLES])
{
	const struct course *course = index_find(&history->nodes, node, NULL);

	for (uint16_t i = 0; course && i < course->count; i++) {
		size_t at = (size_t)(course->next + HISTORY_SAMPLES - course->count + i) % HISTORY_SAMPLES;

		ret_values[i] = course->cpu[at] == UNKNOWN ? VALUE_UNKNOWN : course->cpu[at];
	}
	return course ? course->count : 0;
}
