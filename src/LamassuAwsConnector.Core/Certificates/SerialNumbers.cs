namespace LamassuAwsConnector.Core.Certificates;

internal static class SerialNumbers
{
    /// <summary>The serial number as Lamassu prints it: lower-case hex of its bytes without leading zero bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes.TrimStart((byte)0) is { Length: > 0 } digits ? digits : [0]);

    /// <summary>Serial numbers of old Lamassu releases have dashes.</summary>
    public static bool AreSame(string? left, string? right) => left is not null && right is not null && string.Equals(
        left.Replace("-", "", StringComparison.Ordinal), right.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
