#include "feed.h"

const struct sync_list *feed_find_list(const struct feed *feed, enum kind kind)
{
	for (size_t i = 0; i < feed->list_count; i++)
		if (feed->lists[i].kind == kind)
			return &feed->lists[i];
	return NULL;
}
