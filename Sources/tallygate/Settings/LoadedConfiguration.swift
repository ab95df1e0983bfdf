import BudgetCore
import Configuration

/// A configuration file with the prices it names, or what runs without a file.
struct LoadedConfiguration: Sendable {
  var configuration: Configuration
  /// The file, as it was named.
  var file: String?
  /// The price file, wherever it was named.
  var pricesFile: String?
  var warnings: [String] = []

  private static let largestPriceFile = 32 << 20

  /// - Parameter pricesFile: wins over the file that the configuration names.
  init(file: String?, pricesFile: String?) throws(StartError) {
    self.file = file
    configuration = .default
    if let file {
      do throws(ConfigurationErrors) {
        configuration = try ConfigurationLoader.load(file: file)
      } catch {
        throw StartError(
          lines: error.errors.map { "\($0)" } + (error.omitted > 0 ? ["… and \(error.omitted) more."] : []))
      }
    }
    self.pricesFile = pricesFile ?? configuration.prices.file
    configuration.ledger.prices = try prices(file: self.pricesFile)
  }

  private mutating func prices(file: String?) throws(StartError) -> PriceTable {
    var table = PriceTable.builtIn
    switch configuration.prices.fallback {
    case .builtIn: break
    case .none: table.fallback = nil
    case .rates(let rates): table.fallback = rates
    }
    guard let file else { return table }
    let bytes: [UInt8]
    do throws(BoundedFile.Failure) {
      bytes = try BoundedFile.read(file, limit: Self.largestPriceFile, regular: false)
    } catch {
      throw StartError("\(file): the price file cannot be read: \(error.message). Name a readable file with --prices.")
    }
    do throws(PriceFileError) {
      let (prices, found) = try LiteLLMPrices.parse(bytes, file: file)
      table.merge(PriceTable(prices))
      warnings += found.map { "\($0)" }
    } catch {
      throw StartError("\(error)")
    }
    return table
  }
}
