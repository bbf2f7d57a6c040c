#include "scheduler_private.h"
void volumes_init(struct scheduler *scheduler)
{
	(void)scheduler;
}
void volumes_release(struct scheduler *scheduler)
{
	(void)scheduler;
}
void volumes_add(struct scheduler *scheduler, struct sched_pod *pod, bool is_promised)
{
	(void)scheduler;
	(void)pod;
	(void)is_promised;
}
void volumes_remove(struct scheduler *scheduler, struct sched_pod *pod)
{
	(void)scheduler;
	(void)pod;
}
struct volume_question *volumes_ask(struct question *question)
{
	(void)question;
	return NULL;
}
void volumes_filter(struct question *question, struct volume_question *volumes, const struct sched_node *node)
{
	(void)question;
	(void)volumes;
	(void)node;
}
