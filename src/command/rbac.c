#include <stdio.h>

#include "clusterutils/command/command.h"

int command_print_rbac(struct invocation *invocation, struct error *err)
{
	const struct command *command = invocation->command;
	struct right rights[COMMAND_MAX_RIGHTS] = { 0 };
	AUTO_BUFFER out = { 0 };
	char name[64];
	size_t count = 0;

	if (command->rights && command->rights(invocation, rights, &count, err) < 0)
		return -1;
	if (!count) {
		fprintf(stderr, "%s needs no rights.\n", command->name);
		return STATUS_DONE;
	}
	snprintf(name, sizeof(name), "clusterutils-%s", command->name);
	access_print_role(rights, count, name, invocation_namespace(invocation), &out);
	return invocation_write(&out, err);
}
