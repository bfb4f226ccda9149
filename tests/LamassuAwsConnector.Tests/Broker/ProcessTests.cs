namespace LamassuAwsConnector.Tests.Broker;

/// <summary>
/// Tests with the connector in processes of its own, one after the other: each keeps a small machine busy. They have a broker for themselves, which some of them end.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ProcessTests : ICollectionFixture<ProcessBroker>
{
    public const string Name = "connector processes";
}

public sealed class ProcessBroker : IAsyncDisposable
{
    public RabbitMqNode Node { get; } = new();

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
