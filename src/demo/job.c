/* Jobs and CronJobs of the demo. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "control.h"
#include "event.h"
#include "pod.h"
#include "tree.h"

#define JOB_COMPONENT      "job-controller"
#define CRON_JOB_COMPONENT "cronjob-controller"

enum { MAX_PARALLEL = 20, RUNNING_MAX_SECONDS = 86400 };

/* --- Jobs --- */

static bool has_condition(struct demo_object *job, const char *type)
{
	const cJSON *condition;

	cJSON_ArrayForEach (condition, demo_tree_at(demo_object_tree(job), "status conditions"))
		if (text_equal(demo_tree_text(condition, "type"), type) &&
			text_equal(demo_tree_text(condition, "status"), "True"))
			return true;
	return false;
}

static bool has_ended(struct demo_object *job)
{
	return has_condition(job, "Complete") || has_condition(job, "Failed");
}

static void expire(struct demo_world *world, struct demo_object *job, int64_t number, const char *text)
{
	(void)number;
	(void)text;
	demo_control_delete(world, job);
}

static void note_end(struct demo_world *world, struct demo_object *job)
{
	int64_t seconds = demo_tree_number(demo_object_tree(job), "spec ttlSecondsAfterFinished", -1);

	demo_commit(world, job);
	if (seconds >= 0)
		demo_after(world, seconds < RUNNING_MAX_SECONDS ? seconds : RUNNING_MAX_SECONDS, expire, job, 0, "");
	demo_job_ended(world, job);
}

static void complete(struct demo_world *world, struct demo_object *job)
{
	demo_tree_set_time(demo_tree_object(demo_object_tree(job), "status"), "completionTime", world->now);
	demo_condition_set(world, job, "Complete", true, "CompletionsReached");
	demo_control_report(world, job, JOB_COMPONENT, "Completed", "Job completed");
	note_end(world, job);
}

static void fail(struct demo_world *world, struct demo_object *job, const char *reason, const char *message)
{
	const struct demo_report report = {
		.about = job, .type = "Warning", .reason = reason, .component = JOB_COMPONENT
	};

	demo_condition_set(world, job, "Failed", true, reason);
	demo_report(world, &report, "%s", message);
	note_end(world, job);
}

static void stop_pods(struct demo_world *world, const struct demo_object *job)
{
	for (const struct pod *pod = demo_pods_of(world, job->uid), *next; pod; pod = next) {
		next = pod->by_owner.next;
		if (pod_is_active(pod) && pod->meta.deleted == TIME_NONE)
			demo_pod_delete(world, demo_object_of_pod(world, pod), DEMO_GRACE_DEFAULT);
	}
}

static void pass_deadline(struct demo_world *world, struct demo_object *job, int64_t number, const char *text)
{
	(void)number;
	(void)text;
	if (has_ended(job))
		return;
	stop_pods(world, job);
	fail(world, job, "DeadlineExceeded", "Job was active longer than specified deadline");
}

static bool count_pods(struct demo_world *world, struct demo_object *job)
{
	cJSON *status = demo_tree_object(demo_object_tree(job), "status");
	struct demo_tally tally = demo_tally_of(world, job->uid);
	bool changed = demo_count_set(status, "active", tally.active);

	changed = demo_count_set(status, "ready", tally.ready) || changed;
	changed = demo_count_set(status, "succeeded", tally.succeeded) || changed;
	return demo_count_set(status, "failed", tally.failed) || changed;
}

static void create_pods(struct demo_world *world, struct demo_object *job, int64_t count)
{
	for (int64_t i = 0; i < count && i < MAX_PARALLEL; i++) {
		const struct demo_object *pod =
			demo_pod_create(world, job, demo_tree_at(demo_object_tree(job), "spec template"), NULL, NULL);

		if (pod)
			demo_control_report(
				world, job, JOB_COMPONENT, "SuccessfulCreate", "Created pod: %s", pod->name);
	}
}

void demo_job_look(struct demo_world *world, struct demo_object *job, int64_t number, const char *text)
{
	const cJSON *tree = demo_object_tree(job);
	int64_t completions = demo_tree_number(tree, "spec completions", 1);
	int64_t parallel = demo_tree_number(tree, "spec parallelism", 1);
	struct demo_tally tally = demo_tally_of(world, job->uid);
	bool is_suspended = cJSON_IsTrue(demo_tree_at(tree, "spec suspend"));

	(void)number;
	(void)text;
	if (has_ended(job))
		return;
	if (is_suspended)
		stop_pods(world, job);
	else if (tally.succeeded + tally.active < completions &&
		tally.failed <= demo_tree_number(tree, "spec backoffLimit", 6))
		create_pods(world, job,
			(parallel < completions - tally.succeeded ? parallel : completions - tally.succeeded) -
				tally.active);
	if (count_pods(world, job))
		demo_commit(world, job);
	if (tally.succeeded >= completions)
		complete(world, job);
	else if (tally.failed > demo_tree_number(tree, "spec backoffLimit", 6))
		fail(world, job, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
}

void demo_job_begin(struct demo_world *world, struct demo_object *job)
{
	cJSON *tree = demo_object_tree(job);
	int64_t deadline = demo_tree_number(tree, "spec activeDeadlineSeconds", -1);

	demo_tree_set_text(
		demo_tree_object(tree, "spec selector matchLabels"), "batch.kubernetes.io/controller-uid", job->uid);
	demo_tree_set_text(demo_tree_object(tree, "spec template metadata labels"),
		"batch.kubernetes.io/controller-uid", job->uid);
	demo_tree_set_time(demo_tree_object(tree, "status"), "startTime", world->now);
	demo_commit(world, job);
	if (deadline >= 0)
		demo_after(world, deadline < RUNNING_MAX_SECONDS ? deadline : RUNNING_MAX_SECONDS, pass_deadline, job,
			0, "");
}

/* --- the schedule of a CronJob --- */

/* "*", "5", "*" with "/N", "1,31": what demo schedules say; no ranges, no names. */
static bool field_matches(const char *field, size_t length, int64_t value)
{
	char text[32];
	uint64_t number;

	if (length >= sizeof(text))
		return false;
	memcpy(text, field, length);
	text[length] = '\0';
	for (char *part = text, *rest; part; part = rest) {
		rest = strchr(part, ',');
		if (rest)
			*rest++ = '\0';
		if (strcmp(part, "*") == 0)
			return true;
		if (text_starts_with(part, "*/") && text_to_uint(part + 2, 60, &number) && number &&
			value % (int64_t)number == 0)
			return true;
		if (text_to_uint(part, 60, &number) && value == (int64_t)number)
			return true;
	}
	return false;
}

/* The first minute after `now` that the schedule names in minutes and hours of UTC. */
static int64_t next_time(const char *schedule, int64_t now)
{
	size_t minutes = strcspn(schedule, " "), hours;
	const char *hour = schedule[minutes] ? schedule + minutes + 1 : "*";
	int64_t minute = now / 60 + 1;

	hours = strcspn(hour, " ");
	for (int64_t end = minute + 1440; minute < end; minute++)
		if (field_matches(schedule, minutes, minute % 60) && field_matches(hour, hours, minute / 60 % 24))
			break;
	return minute * 60;
}

/* --- CronJobs --- */

static struct demo_object *cron_job_of(struct demo_world *world, struct demo_object *job)
{
	const cJSON *owner = cJSON_GetArrayItem(demo_tree_at(demo_object_tree(job), "metadata ownerReferences"), 0);
	const char *name = demo_tree_text(owner, "name");

	return name && text_equal(demo_tree_text(owner, "kind"), "CronJob")
		? demo_store_find(&world->store, KIND_CRON_JOB, job->namespace, name)
		: NULL;
}

/* The jobs of a CronJob that are under way; the oldest that has ended, and how many have. */
struct history {
	size_t active, ended;
	struct demo_object *oldest;
};

static struct history history_of(struct demo_world *world, const struct demo_object *cron_job)
{
	const struct index *jobs = &world->store.objects[KIND_JOB];
	struct history history = { 0 };

	for (size_t i = 0; i < jobs->count; i++) {
		struct demo_object *job = jobs->items[i];

		if (!text_equal(job->namespace, cron_job->namespace) || cron_job_of(world, job) != cron_job)
			continue;
		if (!has_ended(job)) {
			history.active++;
			continue;
		}
		history.ended++;
		if (!history.oldest || strcmp(job->name, history.oldest->name) < 0)
			history.oldest = job;
	}
	return history;
}

static cJSON *job_tree(struct demo_world *world, struct demo_object *cron_job)
{
	const cJSON *tree = demo_object_tree(cron_job), *spec = demo_tree_at(tree, "spec jobTemplate spec");
	const cJSON *labels = demo_tree_at(tree, "spec jobTemplate metadata labels");
	cJSON *job = demo_tree_parse("{'apiVersion':'batch/v1','kind':'Job','metadata':{'ownerReferences':[{"
				     "'apiVersion':'batch/v1','kind':'CronJob','controller':true}]},'spec':{}}");
	cJSON *metadata = demo_tree_object(job, "metadata");
	cJSON *owner = cJSON_GetArrayItem(demo_tree_at(metadata, "ownerReferences"), 0);
	AUTO_BUFFER name = { 0 };

	buffer_printf(&name, "%.200s-%lld", cron_job->name, (long long)(world->now / 60));
	demo_tree_set_text(metadata, "name", buffer_text(&name));
	demo_tree_set_text(metadata, "namespace", cron_job->namespace);
	demo_tree_set_text(owner, "name", cron_job->name);
	demo_tree_set_text(owner, "uid", cron_job->uid);
	if (cJSON_IsObject(labels))
		demo_tree_set(metadata, "labels", demo_tree_copy(labels));
	if (cJSON_IsObject(spec))
		demo_tree_set(job, "spec", demo_tree_copy(spec));
	return job;
}

static void create_job(struct demo_world *world, struct demo_object *cron_job)
{
	cJSON *status = demo_tree_object(demo_object_tree(cron_job), "status");
	struct demo_object *job;
	struct error err;

	demo_tree_set_time(status, "lastScheduleTime", world->now);
	demo_commit(world, cron_job);
	job = demo_create(world, KIND_JOB, job_tree(world, cron_job), &err);
	if (!job)
		return;
	demo_control_report(world, cron_job, CRON_JOB_COMPONENT, "SuccessfulCreate", "Created job %s", job->name);
	demo_job_begin(world, job);
	demo_job_look(world, job, 0, "");
}

static void fire(struct demo_world *world, struct demo_object *cron_job, int64_t number, const char *text)
{
	const cJSON *tree = demo_object_tree(cron_job);
	bool forbids = text_equal(demo_tree_text(tree, "spec concurrencyPolicy"), "Forbid");
	AUTO_BUFFER name = { 0 };

	(void)number;
	(void)text;
	buffer_printf(&name, "%.200s-%lld", cron_job->name, (long long)(world->now / 60));
	if (!cJSON_IsTrue(demo_tree_at(tree, "spec suspend")) && !(forbids && history_of(world, cron_job).active) &&
		!demo_store_find(&world->store, KIND_JOB, cron_job->namespace, buffer_text(&name)))
		create_job(world, cron_job);
	demo_cron_job_begin(world, cron_job);
}

void demo_cron_job_begin(struct demo_world *world, struct demo_object *cron_job)
{
	const char *schedule = demo_tree_text(demo_object_tree(cron_job), "spec schedule");

	demo_after(world, next_time(schedule ? schedule : "*", world->now) - world->now, fire, cron_job, 0, "");
}

void demo_job_ended(struct demo_world *world, struct demo_object *job)
{
	struct demo_object *cron_job = cron_job_of(world, job);
	struct history history;
	size_t kept;

	if (!cron_job)
		return;
	kept = (size_t)demo_tree_number(demo_object_tree(cron_job), "spec successfulJobsHistoryLimit", 3);
	if (has_condition(job, "Complete"))
		demo_tree_set_time(demo_tree_object(cron_job->tree, "status"), "lastSuccessfulTime", world->now);
	demo_commit(world, cron_job);
	history = history_of(world, cron_job);
	if (history.ended > kept && history.oldest)
		demo_after(world, 2, expire, history.oldest, 0, "");
}
