namespace LamassuAwsConnector.Core.Aws;

/// <summary>Marks calls that shut somebody out: part of the quotas that they need is kept for them.</summary>
internal static class UrgentCalls
{
    private static readonly AsyncLocal<bool> Current = new();

    public static bool IsUrgent => Current.Value;

    /// <summary>Every call of this flow is urgent from here on, until the caller of the asynchronous method goes on.</summary>
    public static void Begin() => Current.Value = true;
}
