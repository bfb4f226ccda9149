namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The message that is being handled, for what its handling sends in turn.</summary>
internal sealed class CurrentEvent
{
    private readonly AsyncLocal<ReceivedEvent?> current = new();

    /// <summary>null outside of a delivery.</summary>
    public ReceivedEvent? Value
    {
        get => current.Value;
        set => current.Value = value;
    }
}
