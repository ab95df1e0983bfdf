import Testing

/// Tests that start real processes. One at a time: what happens to any child of this process is read by one of them.
@Suite("Processes", .serialized)
struct ProcessTests {}
