#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void restore_signals(void) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int signal = 1; signal < NSIG; signal++) {
    // What whoever started us ignores stays ignored, as behind nohup.
    struct sigaction now;
    if (sigaction(signal, NULL, &now) < 0) continue;
    if (now.sa_handler == SIG_IGN && signal != SIGPIPE) continue;
    sigaction(signal, &standard, NULL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Puts a copy of `fd` at `number`, to be inherited. A descriptor that is there already only loses its mark.
static int place(int fd, int number) {
  if (fd == number) return fcntl(fd, F_SETFD, 0);
  return dup2(fd, number) < 0 ? -1 : 0;
}

/// In the child, between fork and exec: only what is safe there.
static void become(const clinux_command *command, pid_t parent, int report) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(125);
  if (command->terminal >= 0) clinux_set_foreground(command->terminal, getpid());
  restore_signals();
  // The report's end may stand where the usage is to come.
  int moved = fcntl(report, F_DUPFD_CLOEXEC, command->usage_number < 0 ? 3 : command->usage_number + 1);
  if (moved >= 0) report = moved;
  // Standard output first: the usage may come where its pipe stands.
  int failed = command->standard_output >= 0 && place(command->standard_output, STDOUT_FILENO) < 0;
  if (!failed && command->usage_write >= 0) failed = place(command->usage_write, command->usage_number) < 0;
  if (!failed) execvpe(command->arguments[0], command->arguments, command->environment);
  int code = errno;
  (void)!write(report, &code, sizeof code);
  _exit(127);
}

int clinux_spawn(const clinux_command *command) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) < 0) return -errno;
  sigset_t every, before;
  sigfillset(&every);
  // No handler of ours may run in the child.
  pthread_sigmask(SIG_SETMASK, &every, &before);
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) become(command, parent, report[1]);
  int code = child < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  if (child > 0) {
    // Both sides do it, so that neither depends on which runs first.
    setpgid(child, child);
    ssize_t count;
    do count = read(report[0], &code, sizeof code);
    while (count < 0 && errno == EINTR);
    if (count != sizeof code) code = 0;
    else waitpid(child, NULL, 0);
  }
  close(report[0]);
  return code != 0 ? -code : child;
}

int clinux_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ? -errno : 0; }

int clinux_next_child_change(clinux_child_change *change) {
  int status = 0;
  pid_t pid = waitpid(-1, &status, WNOHANG | WUNTRACED);
  if (pid <= 0) return 0;
  change->pid = pid;
  change->is_stopped = WIFSTOPPED(status);
  change->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  change->signal = WIFSTOPPED(status) ? WSTOPSIG(status) : WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return 1;
}

static int caught = -1;

static void note(int signal) {
  int code = errno;
  unsigned char byte = (unsigned char)signal;
  // A full pipe holds thousands of signals that nobody looked at.
  (void)!write(caught, &byte, 1);
  errno = code;
}

int clinux_catch_signals(const int *signals, int count) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return -errno;
  caught = ends[1];
  struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
  for (int i = 0; i < count; i++) {
    struct sigaction now;
    int is_ignored = sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_IGN;
    // What whoever started us ignores stays ignored; but with SIGCHLD ignored, no child would leave a status.
    if (is_ignored && signals[i] != SIGCHLD) continue;
    sigaction(signals[i], &action, NULL);
  }
  return ends[0];
}

int clinux_next_signal(int fd) {
  unsigned char signal;
  return read(fd, &signal, 1) == 1 ? signal : 0;
}

void clinux_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

int clinux_set_foreground(int terminal, int group) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTTOU);
  // Whoever is in the background is stopped for this, unless it does not hear of it.
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  int failed = tcsetpgrp(terminal, group) < 0 ? -errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return failed;
}

int clinux_terminal_size(int terminal, int *rows, int *columns) {
  struct winsize size;
  if (ioctl(terminal, TIOCGWINSZ, &size) < 0) return -errno;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

int clinux_process_open(int pid) {
  long fd = syscall(SYS_pidfd_open, pid, 0);
  return fd < 0 ? -errno : (int)fd;
}

int clinux_process_signal(int process, int signal) {
  return syscall(SYS_pidfd_send_signal, process, signal, NULL, 0) < 0 ? -errno : 0;
}
