#include "clusterutils/rebalance/policy.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/duration.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "suite.h"

#define HEADER "apiVersion: descheduler/v1alpha2\nkind: DeschedulerPolicy\n" /* two lines */

static int load(const char *text, enum policy_mode mode, struct policy *policy, struct error *err)
{
	struct policy_source source = { .file = "policy.yaml", .text = text, .length = strlen(text) };

	return policy_load(&source, mode, policy, err);
}

static void load_leniently(const char *text, struct policy *policy)
{
	struct error err = { 0 };

	ck_assert_msg(load(text, POLICY_LENIENT, policy, &err) == 0, "%s", err.message);
}

static const struct policy_profile *profile_of(const struct policy *policy, size_t i)
{
	ck_assert_uint_lt(i, policy->profiles.count);
	return (const struct policy_profile *)policy->profiles.items + i;
}

/* The effective settings of a strategy, or of the first profile's, as compact JSON without blanks. */
static const char *settings(const struct policy *policy, const char *name, struct buffer *out)
{
	const struct policy_profile *profile = profile_of(policy, 0);
	const struct policy_config *configs = profile->configs.items;
	AUTO_BUFFER text = { 0 };
	struct document document;

	buffer_clear(out);
	for (size_t i = 0; i < profile->configs.count; i++) {
		if (strcmp(configs[i].name, name) != 0)
			continue;
		document_init(&document, DOCUMENT_JSON, &text);
		document_begin_object(&document, NULL);
		param_write(configs[i].strategy->params, configs[i].args, &document);
		document_end(&document);
		document_finish(&document);
		for (const char *at = buffer_text(&text); *at; at++)
			if (!strchr(" \n\"", *at))
				buffer_add_char(out, *at);
		return buffer_text(out);
	}
	return "none";
}

static bool has_finding(const struct policy *policy, unsigned line, const char *part)
{
	for (size_t i = 0; i < policy->finding_count; i++)
		if (policy->findings[i].line == line && strstr(policy->findings[i].sentence, part))
			return true;
	return false;
}

/* --- what is refused, also leniently: the line of the value, and one sentence --- */

#define LNU(args) \
	HEADER "profiles:\n- name: p\n  pluginConfig:\n  - name: LowNodeUtilization\n    args:\n" args \
	       "  plugins: {balance: {enabled: [LowNodeUtilization]}}\n"

static const struct {
	const char *text, *message;
	enum policy_refusal refusal;
} refused[] = {
	{ HEADER "profiles: [\n", "policy.yaml:4: did not find expected node content", POLICY_NOT_YAML },
	{ "- a\n", "policy.yaml:1: a policy must be a map", POLICY_NOT_A_MAP },
	{ HEADER "x: .nan\n", "policy.yaml:3: unsupported value: NaN", POLICY_NOT_YAML },
	{ "apiVersion: v1\nkind: DeschedulerPolicy\n",
		"policy.yaml:1: apiVersion must be descheduler/v1alpha2 and kind DeschedulerPolicy, not v1 and "
		"DeschedulerPolicy",
		POLICY_UNKNOWN_VERSION },
	{ HEADER "\nmaxNoOfPodsToEvictTotal: -1\n",
		"policy.yaml:4: maxNoOfPodsToEvictTotal must be a whole number of at least 0, not -1",
		POLICY_WRONG_TYPE },
	{ HEADER "nodeSelector: zone in (a\n",
		"policy.yaml:3: nodeSelector: unable to parse requirement: found '', expected: ',' or ')'",
		POLICY_CANNOT_BUILD },
	{ HEADER "namespaces: [a]\n", "policy.yaml:3: namespaces must say which to include or to exclude",
		POLICY_WRONG_TYPE },
	{ LNU("      thresholds:\n        cpu: 20\n        memory: 101\n      targetThresholds: {cpu: 50, memory: 50}\n"),
		"policy.yaml:10: profile p: LowNodeUtilization: thresholds config is not valid: memory threshold not in "
		"[0, 100] range",
		POLICY_INVALID },
	{ LNU("      thresholds: {cpu: 20}\n      targetThresholds:\n        cpu: -0.5\n"),
		"policy.yaml:10: profile p: LowNodeUtilization: targetThresholds config is not valid: cpu threshold not "
		"in [0, 100] range",
		POLICY_INVALID },
	{ LNU("      thresholds: {}\n      targetThresholds: {}\n"),
		"policy.yaml:8: profile p: LowNodeUtilization: thresholds config is not valid: no resource threshold is "
		"configured",
		POLICY_INVALID },
	{ LNU("      thresholds: {cpu: '25'}\n      targetThresholds: {cpu: 50}\n"),
		"policy.yaml:8: LowNodeUtilization: thresholds.cpu must be a number, not the text \"25\"",
		POLICY_WRONG_TYPE },
	{ HEADER "profiles:\n- name: p\n  plugins:\n    balance: {enabled: [RemoveDuplicate]}\n",
		"policy.yaml:6: profile p: there is no strategy RemoveDuplicate; is RemoveDuplicates meant?",
		POLICY_CANNOT_BUILD },
	{ HEADER "profiles:\n- name: p\n  pluginConfig:\n  - name: NoSuchThing\n",
		"policy.yaml:6: profile p: there is no strategy NoSuchThing", POLICY_INVALID },
	{ HEADER
		"profiles:\n- name: p\n  pluginConfig:\n  - name: DefaultEvictor\n    args:\n      ignorePvcPod: true\n",
		"policy.yaml:8: DefaultEvictor: there is no ignorePvcPod; is ignorePvcPods meant?",
		POLICY_UNKNOWN_SETTING },
	{ HEADER "profiles:\n- name: p\n  pluginConfig:\n  - name: DefaultEvictor\n    args: {minPodAge: 300}\n",
		"policy.yaml:7: DefaultEvictor: minPodAge must be a duration such as 5m, not 300", POLICY_WRONG_TYPE },
	{ HEADER
		"profiles:\n- name: p\n  pluginConfig:\n  - name: DefaultEvictor\n    args:\n      priorityThreshold:\n"
		"        value: 2000000001\n",
		"policy.yaml:9: profile p: priorityThreshold can't be greater than 2000000000, the least of system "
		"pods",
		POLICY_BAD_PRIORITY },
	{ HEADER "profiles:\n- name: p\n  pluginConfig:\n  - name: PodLifeTime\n  plugins: {deschedule: {enabled: "
		 "[PodLifeTime]}}\n",
		"policy.yaml:6: profile p: PodLifeTime: at least one filtering criterion must be specified "
		"(maxPodLifeTimeSeconds, states, conditions, or exitCodes)",
		POLICY_INVALID },
};

START_TEST(nonsense_is_refused_with_its_line)
{
	AUTO_POLICY policy = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(load(refused[_i].text, POLICY_LENIENT, &policy, &err), -1);
	ck_assert_str_eq(err.message, refused[_i].message);
	ck_assert_int_eq(policy.refusal, refused[_i].refusal);
}
END_TEST

START_TEST(all_that_is_wrong_is_told_in_the_order_of_the_file)
{
	AUTO_POLICY policy = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(
		load(HEADER "profiles:\n- name: p\n  pluginConfig:\n"
			    "  - name: HighNodeUtilization\n"
			    "  - name: RemoveDuplicates\n    args: {namespaces: {include: [a], exclude: [b]}}\n"
			    "metricsProviders:\n- source: Prometheus\n",
			POLICY_STRICT, &policy, &err),
		-1);
	ck_assert_uint_eq(policy.finding_count, 3);
	ck_assert_uint_eq(policy.findings[0].line, 6);
	ck_assert_uint_eq(policy.findings[1].line, 8);
	ck_assert_uint_eq(policy.findings[2].line, 10);
	ck_assert_str_eq(policy.upstream_error,
		"[in profile p: no resource threshold is configured, in profile p: only one of Include/Exclude "
		"namespaces can be set, prometheus configuration is required when prometheus source is enabled]");
}
END_TEST

/* --- the owner's policy --- */

static const char owners[] = "profiles:\n"
			     "  - name: default\n"
			     "    plugins:\n"
			     "      balance:\n"
			     "        enabled:\n"
			     "          - LowNodeUtilization\n"
			     "          - RemoveDuplicates\n"
			     "      deschedule:\n"
			     "        enabled:\n"
			     "          - RemovePodsViolatingNodeTaints\n"
			     "          - RemovePodsViolatingNodeAffinity\n"
			     "          - RemovePodsHavingTooManyRestarts\n"
			     "    pluginConfig:\n"
			     "      - name: LowNodeUtilization\n"
			     "        args:\n"
			     "          thresholds:\n"
			     "            cpu: 25\n"
			     "            memory: 35\n"
			     "            pods: 25\n"
			     "          targetThresholds:\n"
			     "            cpu: 50\n"
			     "            memory: 55\n"
			     "            pods: 40\n";

START_TEST(the_owners_policy_is_taken_as_it_is)
{
	AUTO_POLICY policy = { 0 };
	AUTO_BUFFER text = { 0 };
	const struct policy_profile *profile;

	load_leniently(owners, &policy);
	profile = profile_of(&policy, 0);
	ck_assert_str_eq(settings(&policy, "LowNodeUtilization", &text),
		"{thresholds:{cpu:25,memory:35,pods:25},targetThresholds:{cpu:50,memory:55,pods:40}}");
	ck_assert_str_eq(settings(&policy, "RemovePodsViolatingNodeAffinity", &text),
		"{nodeAffinityType:[requiredDuringSchedulingIgnoredDuringExecution]}");
	ck_assert_str_eq(settings(&policy, "RemovePodsHavingTooManyRestarts", &text), "{podRestartThreshold:100}");
	ck_assert_uint_eq(profile->deschedule_count, 3);
	ck_assert_str_eq(profile->deschedule[1].strategy->name, "RemovePodsViolatingNodeAffinity");
	ck_assert_uint_eq(profile->balance_count, 2);
	ck_assert_str_eq(profile->balance[0].strategy->name, "LowNodeUtilization");
	ck_assert_int_eq(profile->evictor->priority_threshold.value.value, EVICTOR_SYSTEM_CRITICAL);
	ck_assert(has_finding(&policy, 1, "apiVersion is missing"));
	ck_assert(has_finding(&policy, 11, "nodeAffinityType"));
	ck_assert(has_finding(&policy, 12, "100 is assumed"));
}
END_TEST

START_TEST(upstream_reads_nothing_of_the_owners_policy)
{
	AUTO_POLICY policy = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(load(owners, POLICY_STRICT, &policy, &err), 0);
	ck_assert_uint_eq(policy.profiles.count, 0);
	ck_assert(has_finding(&policy, 1, "upstream reads nothing of this policy"));
}
END_TEST

START_TEST(the_builtin_policy_is_upstreams_but_for_a_strategy)
{
	AUTO_POLICY policy = { 0 };
	struct error err = { 0 };
	const struct evictor_args *evictor;

	ck_assert_int_eq(load(policy_builtin(), POLICY_STRICT, &policy, &err), -1);
	ck_assert_str_eq(err.message,
		"policy.yaml:13: profile default: RelieveOverutilizedNodes is no strategy of the descheduler, but of this program");
	policy_release(&policy);
	ck_assert_msg(load(policy_builtin(), POLICY_LENIENT, &policy, &err) == 0, "%s", err.message);
	ck_assert_uint_eq(policy.finding_count, 0);
	evictor = profile_of(&policy, 0)->evictor;
	ck_assert_int_eq(evictor->priority_threshold.value.value, 1000000);
	ck_assert(evictor->node_fit);
	ck_assert_uint_eq(evictor_protections(evictor),
		1u << PROTECT_LOCAL_STORAGE | 1u << PROTECT_SYSTEM_CRITICAL | 1u << PROTECT_FAILED_BARE |
			1u << PROTECT_DAEMON_SET | 1u << PROTECT_PVC);
	ck_assert_uint_eq(profile_of(&policy, 0)->deschedule_count, 3);
	ck_assert_uint_eq(profile_of(&policy, 0)->balance_count, 3);
}
END_TEST

/* --- what is taken for what --- */

#define TAINTS  "  plugins: {deschedule: {enabled: [RemovePodsViolatingNodeTaints]}}\n"
#define PROFILE HEADER "profiles:\n- name: p\n" /* four lines */

static const struct {
	const char *text, *strategy, *settings;
	unsigned line;
	const char *finding;
} taken[] = {
	{ PROFILE "  pluginConfig:\n  - name: RemovePodsViolatingNodeTaints\n    nodeFit: true\n    args: {}\n" TAINTS,
		"DefaultEvictor", "{priorityThreshold:{value:2000000000},nodeFit:true}", 7,
		"nodeFit stands beside args" },
	{ PROFILE "  pluginConfig:\n  - name: RemovePodsViolatingNodeTaints\n    excludedTaints: [a]\n" TAINTS,
		"RemovePodsViolatingNodeTaints", "{excludedTaints:[a]}", 7, "stands beside args" },
	{ HEADER "evictLocalStoragePods: true\nprofiles:\n- name: p\n" TAINTS, "DefaultEvictor",
		"{priorityThreshold:{value:2000000000},evictLocalStoragePods:true}", 3, "DefaultEvictor" },
	{ HEADER "podProtections: {extraEnabled: [PodsWithPVC]}\nprofiles:\n- name: p\n" TAINTS, "DefaultEvictor",
		"{priorityThreshold:{value:2000000000},podProtections:{extraEnabled:[PodsWithPVC]}}", 3,
		"DefaultEvictor" },
	{ HEADER "namespaces: {exclude: [gitea]}\nprofiles:\n- name: p\n" TAINTS, "RemovePodsViolatingNodeTaints",
		"{namespaces:{exclude:[gitea]}}", 3, "it is taken for all of them" },
	{ HEADER "namespaces: {exclude: [gitea]}\n" /* also where a strategy excludes more */
		 "profiles:\n- name: p\n  pluginConfig:\n  - name: RemovePodsViolatingNodeTaints\n"
		 "    args: {namespaces: {exclude: [a]}}\n" TAINTS,
		"RemovePodsViolatingNodeTaints", "{namespaces:{exclude:[a,gitea]}}", 3, "it is taken for all of them" },
	{ LNU("      thresholds: {cpu: 20}\n      targetThresholds: {cpu: 50}\n      namespaces: {exclude: [a]}\n"),
		"LowNodeUtilization",
		"{thresholds:{cpu:20},targetThresholds:{cpu:50},evictableNamespaces:{exclude:[a]}}", 10,
		"has evictableNamespaces, not namespaces" },
	{ LNU("      thresholds: {cpu: 20}\n      targetThresholds: {cpu: 50}\n      evictableNamespaces:\n        "
	      "namespaces: [a]\n"),
		"LowNodeUtilization",
		"{thresholds:{cpu:20},targetThresholds:{cpu:50},evictableNamespaces:{exclude:[a]}}", 11,
		"exclude today" },
	{ LNU("      thresholds: {cpu: 20}\n      targetThresholds: {cpu: 50}\n      thresholdPriority: 1000\n"),
		"DefaultEvictor", "{priorityThreshold:{value:1000}}", 10, "as priorityThreshold" },
	{ PROFILE TAINTS, "RemovePodsViolatingNodeTaints", "{}", 5, "no entry in pluginConfig" },
	{ PROFILE "  plugins: {balance: {enabled: [RemovePodsViolatingNodeTaints]}}\n", "RemovePodsViolatingNodeTaints",
		"{}", 5, "belongs under deschedule, not balance" },
	{ PROFILE "  plugins: {deschedule: {enabled: [{name: RemovePodsViolatingNodeTaints}]}}\n",
		"RemovePodsViolatingNodeTaints", "{}", 5, "is a name alone" },
	{ PROFILE "  plugins: {deschedule: {enabled: RemovePodsViolatingNodeTaints}}\n",
		"RemovePodsViolatingNodeTaints", "{}", 5, "enabled is a list" },
	{ PROFILE "  deschedule: {enabled: [RemovePodsViolatingNodeTaints]}\n", "RemovePodsViolatingNodeTaints", "{}",
		5, "belongs under plugins" },
	{ PROFILE "  pluginConfig:\n  - name: RemovePodsViolatingNodeTaints\n    args: {ExcludedTaints: [a]}\n" TAINTS,
		"RemovePodsViolatingNodeTaints", "{excludedTaints:[a]}", 7, "case counts" },
	{ PROFILE "  pluginConfig:\n  - name: RemovePodsViolatingTopologySpreadConstraint\n    args:\n"
		  "      includeSoftConstraints: true\n",
		"RemovePodsViolatingTopologySpreadConstraint",
		"{constraints:[DoNotSchedule,ScheduleAnyway],topologyBalanceNodeFit:true}", 8, "constraints today" },
	{ PROFILE "  pluginConfig:\n  - name: PodLifeTime\n    args: {states: [Running], podStatusPhases: [Pending]}\n",
		"PodLifeTime", "{states:[Running,Pending]}", 7, "states today" },
	{ HEADER "plugins: {deschedule: {enabled: [RemovePodsViolatingNodeTaints]}}\n", "RemovePodsViolatingNodeTaints",
		"{}", 3, "an item of profiles" },
};

START_TEST(what_is_plain_is_taken_and_said)
{
	AUTO_POLICY policy = { 0 };
	AUTO_BUFFER text = { 0 };

	load_leniently(taken[_i].text, &policy);
	ck_assert_str_eq(settings(&policy, taken[_i].strategy, &text), taken[_i].settings);
	ck_assert(has_finding(&policy, taken[_i].line, taken[_i].finding));
}
END_TEST

START_TEST(keys_of_the_policy_that_belong_elsewhere)
{
	AUTO_POLICY policy = { 0 };
	const struct metrics_provider *provider;

	load_leniently(HEADER "prometheus: {url: 'http://prom'}\ndeschedulingInterval: 5m\nunheardOf: 1\n"
			      "maxNoOfPodsToEvictTOTAL: 4\n",
		&policy);
	ck_assert_uint_eq(policy.metrics_providers.count, 1);
	provider = policy.metrics_providers.items;
	ck_assert_str_eq(provider->source, "Prometheus");
	ck_assert_str_eq(provider->prometheus.url, "http://prom");
	ck_assert(policy.interval.is_set);
	ck_assert_int_eq(policy.interval.value, 5 * DURATION_MINUTE);
	ck_assert(has_finding(&policy, 4, "how often"));
	ck_assert(has_finding(&policy, 5, "there is no unheardOf"));
	ck_assert_uint_eq(policy.max_total.value, 4);
	ck_assert(has_finding(&policy, 0, "nothing will be evicted"));
}
END_TEST

START_TEST(an_alias_is_not_changed_where_else_it_stands)
{
	AUTO_POLICY policy = { 0 };
	AUTO_BUFFER text = { 0 };

	load_leniently(PROFILE "  pluginConfig:\n"
			       "  - name: RemoveDuplicates\n    args: &args {namespaces: {exclude: [a]}}\n"
			       "  - name: HighNodeUtilization\n    args: {<<: *args, thresholds: {cpu: 20}}\n",
		&policy);
	ck_assert_str_eq(settings(&policy, "RemoveDuplicates", &text), "{namespaces:{exclude:[a]}}");
	ck_assert_str_eq(settings(&policy, "HighNodeUtilization", &text),
		"{thresholds:{cpu:20},evictableNamespaces:{exclude:[a]}}");
}
END_TEST

START_TEST(duplicate_keys_are_said)
{
	AUTO_POLICY policy = { 0 };

	load_leniently(HEADER "gracePeriodSeconds: 1\ngracePeriodSeconds: 2\n", &policy);
	ck_assert_int_eq(policy.grace_period_seconds.value, 2);
	ck_assert(has_finding(&policy, 3, "that of line 4 holds"));
}
END_TEST

/* --- priorities --- */

static const char by_class[] = PROFILE
	"  pluginConfig:\n  - name: DefaultEvictor\n    args:\n      priorityThreshold: {name: critical}\n" TAINTS;

START_TEST(a_priority_class_is_looked_up_in_the_cluster)
{
	struct policy_source source = { .file = "policy.yaml",
		.text = by_class,
		.length = strlen(by_class),
		.find_priority = policy_priority_in_cluster };
	AUTO_POLICY known = { 0 }, unknown = { 0 };
	AUTO_CLUSTER cluster;
	struct error err = { 0 };

	cluster_init(&cluster);
	source.context = &cluster;
	ck_assert_int_eq(policy_load(&source, POLICY_LENIENT, &unknown, &err), -1);
	ck_assert_str_eq(err.message,
		"policy.yaml:8: profile p: PriorityClass critical of priorityThreshold: there is none of that name");
	objects_put(&cluster, KIND_PRIORITY_CLASS, "{'metadata':{'name':'critical'},'value':1000000}");
	ck_assert_int_eq(policy_load(&source, POLICY_LENIENT, &known, &err), 0);
	ck_assert_int_eq(profile_of(&known, 0)->evictor->priority_threshold.value.value, 1000000);
}
END_TEST

START_TEST(without_a_cluster_a_priority_class_protects_all)
{
	AUTO_POLICY policy = { 0 }, strict = { 0 };
	struct error err = { 0 };

	load_leniently(by_class, &policy);
	ck_assert_int_eq(profile_of(&policy, 0)->evictor->priority_threshold.value.value, INT32_MIN);
	ck_assert(has_finding(&policy, 8, "every pod is protected"));
	ck_assert_int_eq(load(by_class, POLICY_STRICT, &strict, &err), -1);
	ck_assert_int_eq(strict.refusal, POLICY_BAD_PRIORITY);
}
END_TEST

/* --- v1alpha1 --- */

START_TEST(v1alpha1_becomes_a_profile_a_strategy)
{
	AUTO_POLICY policy = { 0 };
	AUTO_BUFFER text = { 0 };

	load_leniently(
		"apiVersion: descheduler/v1alpha1\nkind: DeschedulerPolicy\nevictDaemonSetPods: true\nstrategies:\n"
		"  RemoveDuplicates: {enabled: false}\n"
		"  LowNodeUtilization:\n    enabled: true\n    params:\n      nodeFit: true\n"
		"      thresholdPriority: 100\n      includeSoftConstraints: false\n"
		"      namespaces: {exclude: [a]}\n"
		"      nodeResourceUtilizationThresholds:\n        thresholds: {cpu: 20}\n"
		"        targetThresholds: {cpu: 50}\n        numberOfNodes: 3\n",
		&policy);
	ck_assert_uint_eq(policy.profiles.count, 1);
	ck_assert_str_eq(profile_of(&policy, 0)->name, "strategy-LowNodeUtilization-profile");
	ck_assert_str_eq(settings(&policy, "LowNodeUtilization", &text),
		"{thresholds:{cpu:20},targetThresholds:{cpu:50},numberOfNodes:3,evictableNamespaces:{exclude:[a]}}");
	ck_assert_str_eq(settings(&policy, "DefaultEvictor", &text),
		"{priorityThreshold:{value:100},nodeFit:true,evictDaemonSetPods:true}");
	ck_assert_uint_eq(policy.finding_count, 1);
	ck_assert(has_finding(&policy, 1, "v1alpha1"));
}
END_TEST

/* --- hostile texts --- */

START_TEST(a_bomb_of_aliases_is_refused)
{
	AUTO_BUFFER text = { 0 };
	AUTO_POLICY policy = { 0 };
	struct error err = { 0 };

	buffer_add_text(&text, HEADER "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n");
	for (int i = 1; i < 12; i++) {
		buffer_printf(&text, "x%d: &x%d [", i, i);
		for (int j = 0; j < 10; j++)
			buffer_printf(&text, "%s*x%d", j ? "," : "", i - 1);
		buffer_add_text(&text, "]\n");
	}
	ck_assert_int_eq(load(buffer_text(&text), POLICY_LENIENT, &policy, &err), -1);
	ck_assert_int_eq(policy.refusal, POLICY_NOT_YAML);
	ck_assert(strstr(err.message, "more than 10000 values, each alias counted"));
}
END_TEST

START_TEST(a_text_of_many_megabytes_is_refused)
{
	AUTO_FREE char *text = memory_new(POLICY_MAX_TEXT + 2);
	AUTO_POLICY policy = { 0 };
	struct error err = { 0 };

	memset(text, ' ', POLICY_MAX_TEXT + 1);
	ck_assert_int_eq(load(text, POLICY_LENIENT, &policy, &err), -1);
	ck_assert_str_eq(err.message, "policy.yaml: a policy of more than 1024 KiB");
}
END_TEST

START_TEST(names_are_clean_where_they_are_shown)
{
	AUTO_POLICY policy = { 0 };
	AUTO_BUFFER text = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(load(HEADER "profiles:\n- name: \"a\\e[31m\"\n  pluginConfig:\n  - name: \"b\\a\"\n",
				 POLICY_STRICT, &policy, &err),
		-1);
	ck_assert(text_is_clean(err.message, strlen(err.message)));
	ck_assert(text_is_clean(policy.upstream_error, strlen(policy.upstream_error)));
	ck_assert(text_is_clean(profile_of(&policy, 0)->name, strlen(profile_of(&policy, 0)->name)));
	policy_finding_print(&policy, &policy.findings[0], &text);
	ck_assert(text_starts_with(buffer_text(&text), "policy.yaml:6: error: profile a"));
}
END_TEST

TEST_MAIN("rebalance_policy", TEST_TABLE(nonsense_is_refused_with_its_line, refused),
	TEST(all_that_is_wrong_is_told_in_the_order_of_the_file), TEST(the_owners_policy_is_taken_as_it_is),
	TEST(upstream_reads_nothing_of_the_owners_policy), TEST(the_builtin_policy_is_upstreams_but_for_a_strategy),
	TEST_TABLE(what_is_plain_is_taken_and_said, taken), TEST(keys_of_the_policy_that_belong_elsewhere),
	TEST(an_alias_is_not_changed_where_else_it_stands), TEST(duplicate_keys_are_said),
	TEST(a_priority_class_is_looked_up_in_the_cluster), TEST(without_a_cluster_a_priority_class_protects_all),
	TEST(v1alpha1_becomes_a_profile_a_strategy), TEST(a_bomb_of_aliases_is_refused),
	TEST(a_text_of_many_megabytes_is_refused), TEST(names_are_clean_where_they_are_shown))
