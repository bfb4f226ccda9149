using Amazon;

namespace LamassuAwsConnector.AwsIot;

/// <summary>
/// Collections of version 4 are null unless set or returned. AWSConfigs.InitializeCollections brings back the empty ones of version 3, which are not sent.
/// </summary>
internal static class Unset
{
    public static List<T>? List<T>() => AWSConfigs.InitializeCollections ? [] : null;

    public static Dictionary<string, string>? Map() => AWSConfigs.InitializeCollections ? [] : null;

    public static bool Is(object? value) =>
        value is null || (AWSConfigs.InitializeCollections && value is System.Collections.ICollection { Count: 0 });
}
