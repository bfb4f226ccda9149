namespace LamassuAwsConnector.Core.Certificates;

internal static class SerialNumbers
{
    /// <summary>Serial numbers of old Lamassu releases have dashes.</summary>
    public static bool AreSame(string? left, string? right) => left is not null && right is not null && string.Equals(
        left.Replace("-", "", StringComparison.Ordinal), right.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
