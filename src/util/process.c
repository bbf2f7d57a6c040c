#include "clusterutils/util/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"

enum { GRACE_MS = 2000 };

/* --- signals: while the program runs they are noted, and seen only in pselect --- */

static const int watched[] = { SIGINT, SIGTERM, SIGCHLD };
static volatile sig_atomic_t noted[ARRAY_LEN(watched)];

static void note(int number)
{
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		if (watched[i] == number)
			noted[i]++;
}

struct signals {
	sigset_t mask; /* as it was, and as it is in pselect */
	struct sigaction actions[ARRAY_LEN(watched)];
};

static void begin_signals(struct signals *signals)
{
	struct sigaction action = { .sa_handler = note };
	sigset_t blocked;

	sigemptyset(&blocked);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		sigaddset(&blocked, watched[i]);
	sigprocmask(SIG_BLOCK, &blocked, &signals->mask);
	for (size_t i = 0; i < ARRAY_LEN(watched); i++) {
		noted[i] = 0;
		sigaction(watched[i], NULL, &signals->actions[i]);
		/* What is ignored stays so: we may run in the background, or under nohup. */
		if (watched[i] == SIGCHLD || signals->actions[i].sa_handler != SIG_IGN)
			sigaction(watched[i], &action, NULL);
	}
}

static void end_signals(const struct signals *signals)
{
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		sigaction(watched[i], &signals->actions[i], NULL);
	sigprocmask(SIG_SETMASK, &signals->mask, NULL);
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		if (noted[i] && watched[i] != SIGCHLD)
			raise(watched[i]);
}

/* --- one run --- */

struct run {
	const struct process *process;
	struct buffer *output;
	struct process_end *end;
	struct signals signals;
	pid_t pid;
	int pipe; /* to read from; -1 at its end */
	bool has_ended;
	int passed_on;       /* how many signals the program was sent on our behalf */
	int64_t interrupted; /* when the first of them came, in clock_monotonic_ms */
};

static int spawn(struct run *run, int pipe_write)
{
	const struct process *process = run->process;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int error;

	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	if (!process->has_stdin)
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipe_write, STDOUT_FILENO);
	posix_spawnattr_setsigmask(&attributes, &run->signals.mask);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	/* The signature is of a time without const; nothing is written to. */
	error = posix_spawn(&run->pid, process->path, &actions, &attributes, (char *const *)(size_t)process->arguments,
		(char *const *)(size_t)process->environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static void pass_signals_on(struct run *run)
{
	int count = 0, number = SIGTERM;

	for (size_t i = 0; i < ARRAY_LEN(watched); i++) {
		if (watched[i] == SIGCHLD || !noted[i])
			continue;
		count += noted[i];
		number = watched[i];
	}
	if (count > run->passed_on) {
		kill(run->pid, run->passed_on ? SIGKILL : number);
		if (!run->passed_on)
			run->interrupted = clock_monotonic_ms();
		run->passed_on = count;
		run->end->is_interrupted = true;
	}
	if (run->passed_on && clock_monotonic_ms() - run->interrupted > GRACE_MS)
		kill(run->pid, SIGKILL);
}

static void read_piece(struct run *run)
{
	char piece[8192];
	ssize_t got = read(run->pipe, piece, sizeof(piece));

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got > 0 && run->output->length + (size_t)got <= run->process->max_output) {
		buffer_add(run->output, piece, (size_t)got);
		return;
	}
	if (got > 0) {
		run->end->is_too_long = true;
		kill(run->pid, SIGKILL);
	}
	close(run->pipe);
	run->pipe = -1;
}

static void look_for_end(struct run *run)
{
	int status;

	if (waitpid(run->pid, &status, WNOHANG) != run->pid)
		return;
	run->has_ended = true;
	run->end->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Until the program has ended and nobody holds its output any more. */
static void follow(struct run *run)
{
	for (;;) {
		struct timespec second = { .tv_sec = 1 };
		fd_set readable;
		int ready;

		look_for_end(run);
		if (run->has_ended && (run->pipe < 0 || run->end->is_interrupted))
			return;
		if (!run->has_ended)
			pass_signals_on(run);
		else if (noted[0] || noted[1])
			run->end->is_interrupted = true;
		FD_ZERO(&readable);
		if (run->pipe >= 0)
			FD_SET(run->pipe, &readable);
		ready = pselect(
			run->pipe + 1, &readable, NULL, NULL, run->passed_on ? &second : NULL, &run->signals.mask);
		if (ready > 0)
			read_piece(run);
	}
}

void process_run(const struct process *process, struct buffer *output, struct process_end *ret_end)
{
	struct run run = { .process = process, .output = output, .end = ret_end, .pipe = -1 };
	int ends[2];

	*ret_end = (struct process_end){ 0 };
	if (pipe(ends) < 0) {
		ret_end->start_error = errno;
		return;
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	begin_signals(&run.signals);
	run.pipe = ends[0];
	ret_end->start_error = run.pipe < FD_SETSIZE ? spawn(&run, ends[1]) : EMFILE;
	close(ends[1]);
	if (!ret_end->start_error)
		follow(&run);
	if (run.pipe >= 0)
		close(run.pipe);
	end_signals(&run.signals);
}

const char *process_find(const char *name, struct arena *arena)
{
	const char *path = getenv("PATH");
	struct stat status;

	while (path && *path) {
		size_t length = strcspn(path, ":");
		const char *file = arena_printf(arena, "%.*s/%s", (int)length, path, name);

		if (length && file[0] == '/' && stat(file, &status) == 0 && S_ISREG(status.st_mode) &&
			access(file, X_OK) == 0)
			return file;
		path += length + (path[length] == ':');
	}
	return NULL;
}
