#include "clusterutils/kube/collect.h"

int collect(void *context, const char *bytes, size_t length, struct error *err)
{
	const struct collector *collector = context;

	if (length > collector->most || collector->answer->length > collector->most - length)
		return error_set(err, ERROR_INVALID, "%s has more than %zu bytes", collector->what, collector->most);
	buffer_add(collector->answer, bytes, length);
	return 0;
}
