#include "view.h"

#include <string.h>

#include "clusterutils/util/memory.h"

static const struct view *const views[] = {
#define VIEW(name) &view_##name,
#include "views.def"
#undef VIEW
	NULL,
};

bool view_shows_usage(const struct view *view)
{
	for (size_t i = 0; i < VIEW_MAX_KINDS && view->kinds[i] != KIND_COUNT; i++)
		if (kind_is_metrics(view->kinds[i]))
			return true;
	return false;
}

const struct view *const *views_all(void)
{
	return views;
}

const struct view *view_find(const char *name)
{
	for (size_t i = 0; views[i]; i++)
		if (strcmp(views[i]->name, name) == 0)
			return views[i];
	return NULL;
}
