/* `version`: which program this is. */
#include <string.h>
#include <sys/utsname.h>

#include "clusterutils/command/command.h"

static const char *const examples[] = {
	"which version this is",
	"version",
	NULL,
};

/* Go's names of architectures, as everything around Kubernetes uses them. */
static const char *architecture(const char *machine)
{
	static const char *const names[][2] = {
		{ "x86_64", "amd64" },
		{ "aarch64", "arm64" },
		{ "armv7l", "arm" },
		{ "armv6l", "arm" },
		{ "i686", "386" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], machine) == 0)
			return names[i][1];
	return machine;
}

static int run(struct invocation *invocation, struct error *err)
{
	AUTO_BUFFER out = { 0 };
	struct utsname system;
	bool is_known = uname(&system) == 0;

	buffer_printf(&out, "%s %s", invocation->program, invocation->version);
	if (is_known)
		buffer_printf(&out, " (%s/%s)", strcmp(system.sysname, "Darwin") ? "linux" : "darwin",
			architecture(system.machine));
	buffer_add_char(&out, '\n');
	return invocation_write(&out, err);
}

const struct command command_version = {
	.name = "version",
	.usage = "",
	.summary = "print the version",
	.description = "Prints the version of this program and the platform it runs on.",
	.examples = examples,
	.run = run,
};
