/// Why a usage line was not counted. The names are label values of `tallygate_lines_rejected_total`.
package enum RejectReason: UInt8, CaseIterable, Sendable {
  case missingName = 0
  case missingValue, missingType, unknownType, conflictingType
  case notANumber, negative, outOfRange
  case badSampleRate, badTimestamp, futureTimestamp
  case invalidUTF8, tooManyTags, tagTooLong, emptyTagKey
  case lineTooLong, badJSON, unknownShape

  package var name: String {
    switch self {
    case .missingName: "missing_name"
    case .missingValue: "missing_value"
    case .missingType: "missing_type"
    case .unknownType: "unknown_type"
    case .conflictingType: "conflicting_type"
    case .notANumber: "not_a_number"
    case .negative: "negative"
    case .outOfRange: "out_of_range"
    case .badSampleRate: "bad_sample_rate"
    case .badTimestamp: "bad_timestamp"
    case .futureTimestamp: "future_timestamp"
    case .invalidUTF8: "invalid_utf8"
    case .tooManyTags: "too_many_tags"
    case .tagTooLong: "tag_too_long"
    case .emptyTagKey: "empty_tag_key"
    case .lineTooLong: "line_too_long"
    case .badJSON: "bad_json"
    case .unknownShape: "unknown_shape"
    }
  }

  package init(_ error: TagError) {
    switch error {
    case .invalidUTF8: self = .invalidUTF8
    case .tooMany: self = .tooManyTags
    case .tooLong: self = .tagTooLong
    case .emptyKey: self = .emptyTagKey
    }
  }
}

/// What was understood and deliberately not counted: label values of `tallygate_lines_ignored_total`.
package enum IgnoreReason: UInt8, CaseIterable, Sendable {
  /// A metric name that is not one of usage.
  case unknownMetric = 0
  /// A DogStatsD event, `_e{…}`.
  case event
  /// A DogStatsD service check, `_sc|…`.
  case serviceCheck

  package var name: String {
    switch self {
    case .unknownMetric: "unknown_metric"
    case .event: "event"
    case .serviceCheck: "service_check"
    }
  }
}
