@main
struct Tallygate {
  static func main() {}
}
