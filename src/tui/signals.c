#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/util/memory.h"

static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH };

static volatile sig_atomic_t noted[ARRAY_LEN(watched)];
static volatile sig_atomic_t end_signal;
static struct sigaction before[ARRAY_LEN(watched)];
static struct signals_restore restore;
static bool is_installed;

static bool is_end(int number)
{
	return number == SIGINT || number == SIGTERM || number == SIGHUP;
}

/* Only what POSIX allows in a handler. */
static void end_at_once(int number)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	size_t done = 0;

	while (done < restore.length) {
		ssize_t written = write(restore.fd, restore.bytes + done, restore.length - done);

		if (written <= 0)
			break;
		done += (size_t)written;
	}
	if (restore.has_mode)
		tcsetattr(restore.fd, TCSANOW, &restore.mode);
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
	raise(number); /* it is blocked now, and taken when the handler returns */
}

static void note(int number)
{
	int saved = errno;

	if (is_end(number)) {
		if (end_signal != 0)
			end_at_once(number);
		end_signal = number;
	}
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		if (watched[i] == number)
			noted[i] = 1;
	errno = saved;
}

/* The handlers wait meanwhile, for they read it. */
void signals_set_restore(const struct signals_restore *how)
{
	sigset_t all, mask;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	restore = *how;
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

void signals_install(const struct signals_restore *how)
{
	struct sigaction action = { .sa_handler = note, .sa_flags = SA_RESTART };

	if (is_installed)
		return;
	signals_set_restore(how);
	is_installed = true;
	end_signal = 0;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(watched); i++) {
		noted[i] = 0;
		sigaction(watched[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(watched[i], &action, NULL);
	}
}

void signals_uninstall(void)
{
	if (!is_installed)
		return;
	is_installed = false;
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		sigaction(watched[i], &before[i], NULL);
}

bool signals_take(int number)
{
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		if (watched[i] == number && noted[i]) {
			noted[i] = 0;
			return true;
		}
	return false;
}

int signals_take_end(void)
{
	int number = end_signal;

	end_signal = 0;
	return number;
}
