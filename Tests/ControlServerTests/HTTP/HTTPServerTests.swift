import Testing

/// Everything that talks over a real socket, one test after the other: the clients block their threads, and
/// deadlines of a fraction of a second are measured.
@Suite("HTTP server", .serialized)
enum HTTPServerTests {}
