/* The file of a plan: what is read of it, what is refused, and that a plan that was written is the one that is read. */
#include <stdio.h>
#include <string.h>

#include "../../src/rebalance/orders.h"
#include "../../src/rebalance/plan_table.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "planning.h"
#include "suite.h"

#define HEAD "'apiVersion':'clusterutils/v1','kind':'RebalancePlan','made':'2026-03-01T12:00:00Z',"
#define MOVE(name, wave) \
	"{'namespace':'web','name':'" name "','uid':'u-" name "','strategy':'S','verdict':'move','wave':" #wave "}"
#define NODES "'nodes':[{'name':'a','state':'Ready','taints':''}]"

static int parse(const char *text, struct orders *ret_orders, struct error *err)
{
	AUTO_BUFFER json = { 0 };

	for (; *text; text++)
		buffer_add_char(&json, *text == '\'' ? '"' : *text);
	return orders_parse(buffer_text(&json), json.length, ret_orders, err);
}

START_TEST(a_plan_is_read)
{
	struct error err = { 0 };
	AUTO_ORDERS orders;

	ck_assert_int_eq(parse("{" HEAD "'moves':[" MOVE("late", 3) "," MOVE("one", 1) ",{'verdict':'withheld'}," MOVE(
				       "two", 1) "]," NODES ",'policy':{'parity':true}}",
				 &orders, &err),
		0);
	ck_assert_uint_eq(orders.count, 3);
	ck_assert_str_eq(orders.items[0].name, "one");
	ck_assert_str_eq(orders.items[1].name, "two");
	ck_assert_str_eq(orders.items[2].name, "late");
	ck_assert_uint_eq(orders.waves, 3);
	ck_assert_int_eq(orders.made, 1772366400);
	ck_assert(orders.parity);
	ck_assert_str_eq(orders.nodes[0].state, "Ready");
	ck_assert_ptr_null(orders.items[0].to);
}
END_TEST

static const struct {
	const char *text, *sentence;
} refused[] = {
	{ "", "invalid JSON" },
	{ "[]", "its kind is not RebalancePlan" },
	{ "{'kind':'Pod'}", "its kind is not RebalancePlan" },
	{ "{'kind':'RebalancePlan','apiVersion':'clusterutils/v2'}", "its apiVersion is not clusterutils/v1" },
	{ "{" HEAD "'nodes':[]}", "moves must be a list" },
	{ "{" HEAD "'moves':[]}", "nodes must be a list" },
	{ "{'kind':'RebalancePlan','apiVersion':'clusterutils/v1'}", "made is missing" },
	{ "{'kind':'RebalancePlan','apiVersion':'clusterutils/v1','made':'today'}", "made: " },
	{ "{" HEAD "'moves':[7]," NODES "}", "moves[0].verdict must be move or withheld" },
	{ "{" HEAD "'moves':[{'verdict':'perhaps'}]," NODES "}", "moves[0].verdict must be move or withheld" },
	{ "{" HEAD "'moves':[{'verdict':'move'}]," NODES "}", "moves[0].namespace is missing" },
	{ "{" HEAD "'moves':[{'verdict':'move','namespace':7}]," NODES "}", "moves[0].namespace must be a text" },
	{ "{" HEAD "'moves':[" MOVE("a", 0) "]," NODES "}", "moves[0].wave must be a whole number from 1 on" },
	{ "{" HEAD "'moves':[" MOVE("a", 1.5) "]," NODES "}", "moves[0].wave must be a whole number from 1 on" },
	{ "{" HEAD "'moves':[" MOVE("a", 1e99) "]," NODES "}", "moves[0].wave must be a whole number from 1 on" },
	{ "{" HEAD "'moves':[" MOVE("a", -1) "]," NODES "}", "moves[0].wave must be a whole number from 1 on" },
	{ "{" HEAD "'moves':[" MOVE("a", 1) "," MOVE("a", 2) "]," NODES "}",
		"moves[1] is pod web/a with the uid of another move: u-a" },
	{ "{" HEAD "'moves':[],'nodes':[{}]}", "nodes[0].name is missing" },
	{ "{" HEAD "'moves':[],'nodes':[{'name':'a'}]}", "nodes[0].state is missing" },
};

START_TEST(what_is_no_plan_is_refused)
{
	struct error err = { 0 };
	AUTO_ORDERS orders;

	ck_assert_int_eq(parse(refused[_i].text, &orders, &err), -1);
	ck_assert_msg(strstr(err.message, refused[_i].sentence), "%s", err.message);
}
END_TEST

START_TEST(what_was_written_is_read)
{
	static const char policy_text[] =
		"apiVersion: descheduler/v1alpha2\nkind: DeschedulerPolicy\nprofiles:\n- name: p\n  plugins:\n"
		"    balance: {enabled: [RemoveDuplicates]}\n";
	struct plan_options options = planning_options();
	struct error err = { 0 };
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN plan = { 0 };
	AUTO_ORDERS of_plan = { 0 }, of_file = { 0 };
	AUTO_BUFFER json = { 0 };
	struct document document;

	planning_begin(&cluster);
	planning_put_node(
		&cluster, "a", 4, 8, 110, "amd64", ",'taints':[{'key':'k','value':'v','effect':'PreferNoSchedule'}]");
	planning_put_node(&cluster, "b", 4, 8, 110, "amd64", "");
	planning_put_pod(
		&cluster, &(struct planning_pod){ .name = "p1", .node = "a", .owner = "ReplicaSet/shop", .cpu = 10 });
	planning_put_pod(
		&cluster, &(struct planning_pod){ .name = "p2", .node = "a", .owner = "ReplicaSet/shop", .cpu = 10 });
	planning_policy(policy_text, &policy);
	plan_make(&plan, &cluster, &policy, &options, 1772366400);
	ck_assert_uint_eq(plan.moves, 1);
	orders_of_plan(&plan, plan.made, &of_plan);
	document_init(&document, DOCUMENT_JSON, &json);
	plan_document(&plan, NULL, "test", &document);
	document_finish(&document);
	ck_assert_msg(orders_parse(buffer_text(&json), json.length, &of_file, &err) == 0, "%s", err.message);
	ck_assert_uint_eq(of_file.count, of_plan.count);
	ck_assert_uint_eq(of_file.waves, of_plan.waves);
	ck_assert_int_eq(of_file.made, of_plan.made);
	ck_assert_uint_eq(of_file.node_count, 2);
	for (size_t i = 0; i < of_file.node_count; i++) {
		ck_assert_str_eq(of_file.nodes[i].name, of_plan.nodes[i].name);
		ck_assert_str_eq(of_file.nodes[i].state, of_plan.nodes[i].state);
		ck_assert_str_eq(of_file.nodes[i].taints, of_plan.nodes[i].taints);
	}
	ck_assert_str_eq(of_file.nodes[0].taints, "k=v:PreferNoSchedule");
	for (size_t i = 0; i < of_file.count; i++) {
		ck_assert_str_eq(of_file.items[i].name, of_plan.items[i].name);
		ck_assert_str_eq(of_file.items[i].uid, of_plan.items[i].uid);
		ck_assert_str_eq(of_file.items[i].from, of_plan.items[i].from);
		ck_assert_str_eq(of_file.items[i].to, of_plan.items[i].to);
		ck_assert_str_eq(of_file.items[i].owner_name, of_plan.items[i].owner_name);
	}
}
END_TEST

START_TEST(a_file_that_is_not_there_is_told)
{
	struct error err = { 0 };
	AUTO_ORDERS orders;

	ck_assert_int_eq(orders_read("/nonexistent/plan.json", &orders, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "/nonexistent/plan.json: no such file"));
}
END_TEST

TEST_MAIN("rebalance/orders", TEST(a_plan_is_read), TEST_TABLE(what_is_no_plan_is_refused, refused),
	TEST(what_was_written_is_read), TEST(a_file_that_is_not_there_is_told))
