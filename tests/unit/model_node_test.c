#include "clusterutils/model/node.h"

#include "objects.h"
#include "suite.h"

#define CONDITION(type, status) "{'type':'" type "','status':'" status "'}"
#define READY                   CONDITION("Ready", "True")

/* Each row has what is the matter in the rows below it too: the worst names the state. */
static const struct {
	const char *conditions, *spec, *metadata;
	enum node_state state;
	const char *text;
} states[] = {
	{ CONDITION("Ready", "False") "," CONDITION("NetworkUnavailable", "True") "," CONDITION(
		  "MemoryPressure", "True") "," CONDITION("DiskPressure", "True") "," CONDITION("PIDPressure", "True"),
		"'unschedulable':true", ",'deletionTimestamp':'2026-03-01T12:00:00Z'", NODE_NOT_READY, "NotReady" },
	{ CONDITION("Ready", "Unknown") "," CONDITION("NetworkUnavailable", "True") "," CONDITION(
		  "MemoryPressure", "True") "," CONDITION("DiskPressure", "True") "," CONDITION("PIDPressure", "True"),
		"'unschedulable':true", ",'deletionTimestamp':'2026-03-01T12:00:00Z'", NODE_UNREACHABLE,
		"Unreachable" },
	{ READY "," CONDITION("NetworkUnavailable", "True") "," CONDITION("MemoryPressure", "True") "," CONDITION(
		  "DiskPressure", "True") "," CONDITION("PIDPressure", "True"),
		"'unschedulable':true", ",'deletionTimestamp':'2026-03-01T12:00:00Z'", NODE_NO_NETWORK, "NoNetwork" },
	{ READY "," CONDITION("MemoryPressure", "True") "," CONDITION("DiskPressure", "True") "," CONDITION(
		  "PIDPressure", "True"),
		"'unschedulable':true", ",'deletionTimestamp':'2026-03-01T12:00:00Z'", NODE_MEMORY_PRESSURE,
		"MemoryPressure" },
	{ READY "," CONDITION("DiskPressure", "True") "," CONDITION("PIDPressure", "True"), "'unschedulable':true",
		",'deletionTimestamp':'2026-03-01T12:00:00Z'", NODE_DISK_PRESSURE, "DiskPressure" },
	{ READY "," CONDITION("PIDPressure", "True"), "'unschedulable':true",
		",'deletionTimestamp':'2026-03-01T12:00:00Z'", NODE_PID_PRESSURE, "PIDPressure" },
	{ READY, "'unschedulable':true", ",'deletionTimestamp':'2026-03-01T12:00:00Z'", NODE_CORDONED, "Cordoned" },
	{ READY, "", ",'deletionTimestamp':'2026-03-01T12:00:00Z'", NODE_DELETING, "Deleting" },
	{ READY, "", "", NODE_OK, "Ready" },
	/* what is not True is no pressure; what is not there is no readiness */
	{ READY "," CONDITION("MemoryPressure", "False") "," CONDITION("DiskPressure", "Unknown"), "", "", NODE_OK,
		"Ready" },
	{ CONDITION("MemoryPressure", "False"), "", "", NODE_UNKNOWN, "Unknown" },
	{ "", "", "", NODE_UNKNOWN, "Unknown" },
};

START_TEST(the_worst_names_the_state)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'a'%s},'spec':{%s},'status':{'conditions':[%s]}}",
		states[_i].metadata, states[_i].spec, states[_i].conditions);
	objects_put(&cluster, KIND_NODE, buffer_text(&json));
	ck_assert_int_eq(node_state(cluster_node(&cluster, 0)->node), states[_i].state);
	ck_assert_str_eq(node_state_text(states[_i].state), states[_i].text);
}
END_TEST

START_TEST(no_node_is_missing)
{
	ck_assert_int_eq(node_state(NULL), NODE_MISSING);
	ck_assert_str_eq(node_state_text(NODE_MISSING), "Missing");
	ck_assert_ptr_null(node_first_label(NULL, node_zone_labels));
}
END_TEST

TEST_MAIN("model/node", TEST_TABLE(the_worst_names_the_state, states), TEST(no_node_is_missing))
