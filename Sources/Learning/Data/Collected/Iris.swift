extension PackedColumns {
  /// Written by `scripts/collect-data`; the last column holds the targets.
  static var iris: PackedColumns {
    PackedColumns(
      rows: 150,
      columns: [
        .init(least: 43, bits: 6, decimals: 1),
        .init(least: 20, bits: 5, decimals: 1),
        .init(least: 10, bits: 6, decimals: 1),
        .init(least: 1, bits: 5, decimals: 1),
        .init(least: 0, bits: 2, decimals: 0),
      ],
      text: #"""
        IGEDHLDHBGLFFAPOLIOILIDIFHHJJEFLJMGHMGBIHCBHIFIDKHbVaMWOUGXJHQRSNYNPTNQSUSVXZYROMMPRLRYUNMMSPHNOOTIOUPcUWhGeYdWVZOPVWiiRaNiUYdTSVdfkVUSiUVRaYaPZYYUWTQepi4Tc5K4uUqmJvlJ0YNcpz3MW6tlsfBTnjY+SpMi1jFjQhpEnAoSUrUcRWIKhKkKSYhDnU5Y1FMowzqSkqGnUlSipLBh1FQxUjCYhB2sQpCkSQgynLUtazsaoqnKEEDFEHEFEFFGEBCFDEHFHFAHJGGFEGGFFEFCDEDFDDDGJEGEFEljnekjlXkdZgelaijfjdmenlhimojZcbdpjjlifeikeXggghUfypxuw4j1wzprtoprt57ovn5nvymnuwz2upuzutmsuppxvqoqspCEIQjEEIAhAAIxiEIIwkCEYQhCMAQhCAIRCCUYghCFrnMcx6WNS5LWNclyosctjWwclSVvc9zGMW1aWLYxTMSpGtIRjicqTvaNbOtOcaRjGj5Tq5trxjS9pWxaU7RAAAAAAAAAAAAAAAABVVVVVVVVVVVVVVVVaqqqqqqqqqqqqqqqq
        """#)
  }
}
