// What Linux offers to a receiver of usage lines and Swift's Glibc module does not show.
//
// Plain integers and pointers only: a system header included here would be claimed by two modules.
// Unless said otherwise a function answers a negative errno when it fails.
#ifndef CLINUX_H
#define CLINUX_H

// --- Datagrams in batches (DatagramBatch.c) ---

/// Room for a number of datagrams that are received with one system call.
typedef struct clinux_batch clinux_batch;

/// One received datagram. The bytes belong to the batch and last until its next receive.
typedef struct {
  const void *bytes;
  unsigned int length;
  unsigned int is_truncated;
} clinux_datagram;

/// Reserves address space for `capacity` datagrams of `slot_bytes` bytes; NULL when out of memory.
/// Memory becomes resident page by page, as large datagrams arrive.
clinux_batch *clinux_batch_create(int capacity, long slot_bytes);
void clinux_batch_destroy(clinux_batch *batch);

/// Takes what is queued, up to the capacity, without waiting. Answers how many there were.
int clinux_batch_receive(clinux_batch *batch, int fd);

/// The datagrams of the last receive, oldest first.
const clinux_datagram *clinux_batch_datagrams(const clinux_batch *batch);

// --- Sockets and pipes (Descriptors.c) ---

/// How full a socket's receive buffer is, in bytes as the kernel accounts them (payload and overhead),
/// and how many datagrams it dropped since the socket was opened (wraps at 2^32).
typedef struct {
  unsigned int queued;
  unsigned int capacity;
  unsigned int drops;
} clinux_receive_queue;

/// Reads the state of one socket's receive buffer. 0 on success.
int clinux_receive_queue_state(int fd, clinux_receive_queue *state);

/// Asks for a receive buffer of `bytes`, past the system's limit where the process may.
/// Answers what was granted, in the unit of the request (the kernel books twice that much).
long clinux_set_receive_buffer(int fd, int bytes);

/// Opens a pipe that no command inherits: the end to read from, and the one to write to. 0 on success.
int clinux_pipe(int ends[2]);

/// Asks for a pipe of `bytes`. Answers the size granted.
int clinux_set_pipe_size(int fd, int bytes);

/// A counter that makes its descriptor readable once it was signalled.
int clinux_event_create(void);
int clinux_event_signal(int fd);
/// Makes it wait for the next signal.
void clinux_event_clear(int fd);

/// Waits until one of `count` (at most 8) descriptors has something to read, has failed or is closed.
/// `timeout_nanoseconds` < 0 waits for ever; a descriptor < 0 is passed over.
/// Answers how many are ready, 0 after the timeout or a signal.
int clinux_wait_readable(const int *fds, int count, long timeout_nanoseconds);

// --- Processes and signals (Processes.c) ---

/// How a command is started.
typedef struct {
  /// Program and arguments, NULL at the end. A program without a slash is looked up in PATH.
  char *const *arguments;
  /// NULL at the end.
  char *const *environment;
  /// Replaces standard output; -1 leaves it.
  int standard_output;
  /// `usage_write` becomes the child's descriptor `usage_number`; -1 for none.
  int usage_write;
  int usage_number;
  /// A terminal whose foreground the child's group becomes; -1 for none.
  int terminal;
} clinux_command;

/// Starts a command in a process group of its own, with default signals, to be ended when its parent ends.
/// Answers its process id, or the negative errno of what failed, be it the exec itself.
int clinux_spawn(const clinux_command *command);

/// Makes this process the parent of whatever orphans its descendants leave. 0 on success.
int clinux_adopt_orphans(void);

/// Something that happened to a child.
typedef struct {
  int pid;
  /// The child stopped and can go on; else it has ended.
  int is_stopped;
  /// Exit status, where `signal` is 0.
  int status;
  /// The signal that ended or stopped it, or 0.
  int signal;
} clinux_child_change;

/// Takes the next change of any child, without waiting. 1 when there was one, 0 when there is none or no child.
int clinux_next_child_change(clinux_child_change *change);

/// From now on these signals are written to a pipe, a byte each, instead of doing what they do by default.
/// Answers the pipe's end to read from. To be called once in a process.
int clinux_catch_signals(const int *signals, int count);

/// The number of the next signal that was caught, 0 when there is none. Does not wait.
int clinux_next_signal(int fd);

void clinux_ignore_broken_pipes(void);

/// Makes the group the terminal's foreground, whether or not the caller is in it. 0 on success.
int clinux_set_foreground(int terminal, int group);

/// How large the terminal is, in characters. 0 on success.
int clinux_terminal_size(int terminal, int *rows, int *columns);

/// A descriptor that means this process and never one that gets its number later.
int clinux_process_open(int pid);
/// 0 on success; -ESRCH when the process has ended.
int clinux_process_signal(int process, int signal);

// --- Memory (Memory.c) ---

/// Large blocks (from 256 KiB) go back to the system when they are freed, and threads share two arenas. Without it
/// glibc learns from the first large block to keep such blocks, and each thread keeps its own.
void clinux_give_back_large_blocks(void);

// --- Threads and bytes (Descriptors.c) ---

/// Names the calling thread, as `top -H` shows it. At most 15 bytes, more is cut.
void clinux_name_thread(const char *name);

/// How the scheduler treats the calling thread from now on: its nice value, and for how long it wants to run at a time,
/// in nanoseconds (0 for the system's choice). Who asks for less is let run sooner when it wakes. 0 on success; a kernel
/// before 6.12 takes the nice value alone and answers 0 too.
int clinux_schedule_thread(int nice, long slice_nanoseconds);

/// The last occurrence of `byte`, or NULL.
const void *clinux_last(const void *bytes, int byte, long count);

// --- Checksums (Checksum.c) ---

/// CRC-32C (Castagnoli, as in RFC 3720, appendix B.4) of bytes that follow those that `crc` is the checksum of; 0
/// before the first. With the processor's instruction where there is one.
unsigned int clinux_crc32c(unsigned int crc, const void *bytes, long count);
/// The same without that instruction: for a test.
unsigned int clinux_crc32c_portable(unsigned int crc, const void *bytes, long count);

#endif
