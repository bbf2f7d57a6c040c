#include "clusterutils/kube/exec.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/channels.h"
#include "clusterutils/kube/json.h"
#include "clusterutils/kube/path.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/text.h"

enum { STEP_MS = 1000, STATUS_MAX = 64 << 10 };

struct exec {
	const struct exec_options *options;
	struct buffer status; /* what came on the channel of errors */
};

static int take_bytes(void *context, unsigned channel, const char *bytes, size_t length, struct error *err)
{
	struct exec *exec = context;
	const struct exec_options *options = exec->options;

	if (channel == CHANNEL_ERROR && exec->status.length + length <= STATUS_MAX)
		buffer_add(&exec->status, bytes, length);
	if ((channel == CHANNEL_STDOUT || channel == CHANNEL_STDERR) && options->on_output)
		return options->on_output(options->context, (int)channel, bytes, length, err);
	return 0;
}

/* {"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}} */
static int read_status(const struct exec *exec, int *ret_status, struct error *err)
{
	AUTO_ARENA scratch = { 0 };
	struct error ignored;
	const cJSON *root = json_parse(&scratch, buffer_text(&exec->status), exec->status.length, &ignored), *cause;
	const char *message = cJSON_GetStringValue(json_find(root, "message"));

	if (text_equal(cJSON_GetStringValue(json_find(root, "status")), "Success")) {
		*ret_status = 0;
		return 0;
	}
	cJSON_ArrayForEach (cause, json_find(json_find(root, "details"), "causes")) {
		const char *code = cJSON_GetStringValue(json_find(cause, "message"));
		uint64_t status;

		if (text_equal(cJSON_GetStringValue(json_find(cause, "reason")), "ExitCode") && code &&
			text_to_uint(code, 255, &status)) {
			*ret_status = (int)status;
			return 0;
		}
	}
	return error_set(err, ERROR_FAILED, "%s", message ? message : "the stream ended without a result");
}

static void add_parameter(struct request *request, const char *name, const char *value)
{
	request->parameters[request->parameter_count++] = (struct request_parameter){ name, value };
}

static int run(struct channels *channels, const struct exec_options *options, struct error *err)
{
	int64_t deadline = options->timeout_ms ? clock_monotonic_ms() + options->timeout_ms : INT64_MAX;
	int result;

	if (options->input) {
		if (options->input_length)
			channels_send(channels, CHANNEL_STDIN, options->input, options->input_length);
		if (!channels_end(channels, CHANNEL_STDIN))
			return error_set(err, ERROR_FAILED,
				"the server cannot end the standard input of a command: it is older than 1.30");
	}
	do {
		int64_t left = deadline - clock_monotonic_ms();

		if (left <= 0)
			return error_set(err, ERROR_TIMEOUT, "the command did not end in time");
		result = channels_step(channels, (int)(left < STEP_MS ? left : STEP_MS), err);
	} while (result > 0);
	return result;
}

int exec_run(struct transport *transport, const struct exec_options *options, int *ret_status, struct error *err)
{
	struct exec exec = { .options = options };
	struct channels *channels = NULL;
	struct request request = { .verb = "GET" };
	char path[PATH_SIZE];
	int result;

	path_of_object(KIND_POD, options->namespace, options->pod, "exec", path);
	request.path = path;
	for (size_t i = 0; options->command[i]; i++) {
		if (i == EXEC_MAX_WORDS)
			return error_set(err, ERROR_USAGE, "a command of more than %d words", EXEC_MAX_WORDS);
		add_parameter(&request, "command", options->command[i]);
	}
	if (options->container)
		add_parameter(&request, "container", options->container);
	if (options->input)
		add_parameter(&request, "stdin", "true");
	add_parameter(&request, "stdout", "true");
	add_parameter(&request, "stderr", "true");
	if (channels_open(transport, &request, CHANNELS_PROTOCOLS, take_bytes, &exec, &channels, err) < 0)
		return error_wrap(err, "pod %s/%s: exec", options->namespace, options->pod);
	result = run(channels, options, err);
	channels_free(channels);
	if (result == 0)
		result = read_status(&exec, ret_status, err);
	buffer_release(&exec.status);
	return result < 0 ? error_wrap(err, "pod %s/%s: exec", options->namespace, options->pod) : 0;
}
