#include "../../src/top/view.h"
#include "objects.h"
#include "suite.h"

enum { NOW = 1772366400 };

/* At 11:59:SECOND, about a pod. */
#define EVENT(name, type, reason, message, count, second) \
	"{'metadata':{'name':'" name "','namespace':'n'},'type':'" type "','reason':'" reason "','message':'" message \
	"','count':" count ",'lastTimestamp':'2026-03-01T11:59:" second \
	"Z','involvedObject':{'kind':'Pod','name':'p'}}"

static void check(const struct cluster *cluster, const char *node, const char *keys, const char *expected)
{
	struct view_options options = { .zone_labels = node_zone_labels, .node = node, .now = NOW };
	struct error err = { 0 };
	AUTO_TABLE table = { 0 };
	AUTO_BUFFER rows = { 0 };

	ck_assert_int_eq(view_events.build(cluster, &options, &table, &err), 0);
	objects_rows(&table, keys, NOW, &rows);
	ck_assert_str_eq(buffer_text(&rows), expected);
}

START_TEST(warnings_come_first_then_the_latest)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_EVENT, EVENT("1", "Normal", "A", "m", "1", "59"));
	objects_put(&cluster, KIND_EVENT, EVENT("2", "Warning", "B", "m", "1", "01"));
	objects_put(&cluster, KIND_EVENT, EVENT("3", "Warning", "C", "m", "1", "02"));
	objects_put(&cluster, KIND_EVENT, EVENT("4", "Alarm", "D", "m", "1", "00"));
	objects_put(&cluster, KIND_EVENT, EVENT("5", "Normal", "E", "m", "1", "58"));
	check(&cluster, NULL, "type reason lastSeen",
		"Warning C 58s\nWarning B 59s\nAlarm D 60s\nNormal A 1s\nNormal E 2s\n");
}
END_TEST

START_TEST(events_that_differ_in_time_alone_are_one)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_EVENT, EVENT("1", "Warning", "BackOff", "m", "3", "10"));
	objects_put(&cluster, KIND_EVENT, EVENT("2", "Warning", "BackOff", "m", "4", "30"));
	objects_put(&cluster, KIND_EVENT, EVENT("3", "Warning", "BackOff", "m", "2147483647", "20"));
	check(&cluster, NULL, "reason object count lastSeen message", "BackOff Pod/p 2147483654 30s m\n");
	objects_put(&cluster, KIND_EVENT, EVENT("4", "Warning", "BackOff", "other", "1", "10"));
	objects_put(&cluster, KIND_EVENT, EVENT("5", "Normal", "BackOff", "m", "1", "10"));
	objects_put(&cluster, KIND_EVENT, EVENT("6", "Warning", "Back", "m", "1", "10"));
	check(&cluster, NULL, "type reason count message",
		"Warning BackOff 2147483654 m\nWarning Back 1 m\nWarning BackOff 1 other\nNormal BackOff 1 m\n");
}
END_TEST

/* The namespace, kind and name of what it is about part them. */
START_TEST(events_about_different_objects_are_apart)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_EVENT,
		"{'metadata':{'name':'1','namespace':'n'},'involvedObject':{'kind':'Pod','name':'p'}}");
	objects_put(&cluster, KIND_EVENT,
		"{'metadata':{'name':'2','namespace':'n'},'involvedObject':{'kind':'Pod','name':'q'}}");
	objects_put(&cluster, KIND_EVENT,
		"{'metadata':{'name':'3','namespace':'n'},'involvedObject':{'kind':'Job','name':'p'}}");
	objects_put(&cluster, KIND_EVENT,
		"{'metadata':{'name':'4','namespace':'m'},'involvedObject':{'kind':'Pod','name':'p'}}");
	objects_put(&cluster, KIND_EVENT,
		"{'metadata':{'name':'5','namespace':'m'},'involvedObject':{'kind':'Pod','name':'p'}}");
	check(&cluster, NULL, "namespace object count lastSeen",
		"m Pod/p 2 ?\nn Job/p 1 ?\nn Pod/p 1 ?\nn Pod/q 1 ?\n");
}
END_TEST

START_TEST(of_a_node_only_what_is_about_it)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_EVENT,
		"{'metadata':{'name':'1'},'reason':'R','involvedObject':{'kind':'Node','name':'a'}}");
	objects_put(&cluster, KIND_EVENT,
		"{'metadata':{'name':'2'},'reason':'S','regarding':{'kind':'Node','name':'a'},'note':'x'}");
	objects_put(&cluster, KIND_EVENT, "{'metadata':{'name':'3'},'involvedObject':{'kind':'Node','name':'b'}}");
	objects_put(&cluster, KIND_EVENT, "{'metadata':{'name':'4'},'involvedObject':{'kind':'Pod','name':'a'}}");
	objects_put(&cluster, KIND_EVENT, "{'metadata':{'name':'5'}}");
	check(&cluster, "a", "type reason object message", "- R Node/a -\n- S Node/a x\n");
	check(&cluster, "c", "reason", "");
}
END_TEST

TEST_MAIN("top/events", TEST(warnings_come_first_then_the_latest), TEST(events_that_differ_in_time_alone_are_one),
	TEST(events_about_different_objects_are_apart), TEST(of_a_node_only_what_is_about_it))
