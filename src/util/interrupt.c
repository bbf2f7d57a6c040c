#include "clusterutils/util/interrupt.h"

#include <signal.h>
#include <stdbool.h>

#include "clusterutils/util/memory.h"

static const int watched[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before[ARRAY_LEN(watched)];
static volatile sig_atomic_t came;
static bool is_watching;

/* Only what POSIX allows in a handler. It waits in poll that wants to know: no SA_RESTART. */
static void note(int number)
{
	if (came != 0) {
		struct sigaction action = { .sa_handler = SIG_DFL };

		sigemptyset(&action.sa_mask);
		sigaction(number, &action, NULL);
		raise(number);
		return;
	}
	came = number;
}

void interrupt_watch(void)
{
	struct sigaction action = { .sa_handler = note };

	if (is_watching)
		return;
	is_watching = true;
	came = 0;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(watched); i++) {
		sigaction(watched[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(watched[i], &action, NULL);
	}
}

void interrupt_unwatch(void)
{
	for (size_t i = 0; is_watching && i < ARRAY_LEN(watched); i++)
		sigaction(watched[i], &before[i], NULL);
	is_watching = false;
	came = 0;
}

int interrupt_signal(void)
{
	return came;
}
