using LamassuAwsConnector.Core.Lamassu.Models;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>The CAs that the devices of a DMS are told to trust.</summary>
internal static class TrustAnchors
{
    // No CA id: Lamassu's own CA has none that a DMS would name.
    private const string SystemCA = "\0system";

    /// <summary>Compared as sets: order and repetition do not count, and no list is the same as an empty one.</summary>
    public static bool AreSame(DmsSettings? left, DmsSettings? right) => Of(left).SetEquals(Of(right));

    private static HashSet<string> Of(DmsSettings? settings)
    {
        var anchors = new HashSet<string>(settings?.CADistribution?.ManagedCAs ?? [], StringComparer.Ordinal);
        if (settings?.CADistribution?.IncludeEnrollmentCA == true && settings.Enrollment?.EnrollmentCA is { Length: > 0 } enrollmentCA)
        {
            anchors.Add(enrollmentCA);
        }

        if (settings?.CADistribution?.IncludeSystemCA == true)
        {
            anchors.Add(SystemCA);
        }

        return anchors;
    }
}
