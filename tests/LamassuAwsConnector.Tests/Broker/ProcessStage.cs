using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Story;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using RabbitMQ.Client;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>
/// The stand-ins in this process, what Lamassu publishes on a real broker, and as many processes of the connector as a test starts. Each stage has an exchange
/// and, by its connector's id, queues of its own, so that none finds messages of another.
/// </summary>
internal sealed class ProcessStage : IAsyncDisposable
{
    public const string CA = "fleet-root";
    public const string Dms = "fleet";
    public const string Group = "fleet-group";

    /// <summary>The slowest end comes after several pauses, on a machine that others use too.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromMinutes(4);

    // Longer than the pause before the next delivery, and than the broker takes to count what is in its queues.
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(10);

    private const int MaxRetries = 30;

    private const int EnrollAtOnce = 8;

    private static int stages;

    private readonly RabbitMqNode node;
    private readonly List<ConnectorProcess> processes = [];
    private readonly LamassuOperator devices;
    private int started;

    private ProcessStage(RabbitMqNode node, StandIns standIns, LamassuPublisher publisher)
    {
        this.node = node;
        StandIns = standIns;
        Publisher = publisher;
        devices = new LamassuOperator(standIns.Lamassu.CAUrl, standIns.Lamassu.DmsManagerUrl);
        Lamassu = new LamassuHttp(standIns.Lamassu, devices);
    }

    public StandIns StandIns { get; }

    public LamassuPublisher Publisher { get; }

    public LamassuHttp Lamassu { get; }

    /// <summary>What all its connectors have logged.</summary>
    public IEnumerable<string> Lines => processes.SelectMany(process => process.Lines);

    /// <summary>An event is in the dead letters: a test that waits for more of its tries waits in vain.</summary>
    public bool HasGivenUp => Lines.Any(line => line.Contains("\"dead_letter_event\"", StringComparison.Ordinal));

    public string ConnectorId => StandIns.Settings.ConnectorId;

    public string Queue => $"lamassu-aws-connector.{ConnectorId}";

    public string DeadLetterKey => $"lamassu-dlq.{ConnectorId}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Exchange => $"events-{ConnectorId}";

    /// <param name="node">Is started if it does not run.</param>
    /// <param name="configure">What differs from the usual stand-ins.</param>
    /// <param name="timeProvider">Lamassu's time.</param>
    /// <param name="onTheWay">What becomes of a message between Lamassu and the broker; null: it is lost.</param>
    public static async Task<ProcessStage> StartAsync(
        RabbitMqNode node, Func<StandInSettings, StandInSettings>? configure = null, TimeProvider? timeProvider = null, Func<BusMessage, BusMessage?>? onTheWay = null)
    {
        var factory = await node.ConnectionAsync(Cancellation);
        factory.AutomaticRecoveryEnabled = false;
        var settings = new StandInSettings { ConnectorId = $"process-{Interlocked.Increment(ref stages)}", IssuerKeyPem = TestStage.IssuerKey };
        settings = configure?.Invoke(settings) ?? settings;
        var publisher = new LamassuPublisher(factory, $"events-{settings.ConnectorId}");
        var standIns = await StandIns.StartAsync(settings, Publish, timeProvider ?? TimeProvider.System, Cancellation);
        return new ProcessStage(node, standIns, publisher);

        Task Publish(ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
        {
            var message = new BusMessage(body, routingKey, headers.ToDictionary(header => header.Key, header => (object?)header.Value));

            if ((onTheWay is null ? message : onTheWay(message)) is { } sent)
            {
                // Lamassu waits for nobody.
                _ = publisher.PublishAsync(sent);
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>A process of the connector that takes messages.</summary>
    public async Task<ConnectorProcess> StartConnectorAsync(params (string Key, string? Value)[] configuration)
    {
        var process = StartConnector(configuration);
        await process.WhenReadyAsync();
        return process;
    }

    public ConnectorProcess StartConnector(params (string Key, string? Value)[] configuration)
    {
        var log = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "process-logs")).FullName, $"{ConnectorId}-{++started}.log");
        var process = ConnectorProcess.Start(StandIns, [.. Configuration(), .. configuration], log);
        processes.Add(process);
        return process;
    }

    /// <summary>A CA that the connector registers and a DMS in mode auto, both made known to it by events.</summary>
    public async Task PrepareFleetAsync()
    {
        var key = $"lamassu.io/iot/{ConnectorId}";
        var requested = new JsonObject { ["registration"] = new JsonObject { ["status"] = "REQUESTED", ["primary_account"] = true } };
        await Lamassu.CreateCAAsync(CA, new JsonObject { [key] = requested });
        await Lamassu.CreateDmsAsync(Dms, CA, new JsonObject
        {
            [key] = new JsonObject { ["registration_mode"] = "auto", ["groups"] = new JsonArray(Group), ["policies"] = LamassuJson.Policies("fleet-policy") },
        });
        await UntilAsync(
            () => StandIns.Lamassu.State.Find(LamassuKind.CA, CA)?["metadata"]?[key]?["registration"]?["status"]?.GetValue<string>() == "SUCCEEDED", Patient);
    }

    public Task EnrollAsync(IEnumerable<string> names) => EachAsync(names, name => Lamassu.EnrollAsync(Dms, name));

    /// <summary>Several at once, as a production line does.</summary>
    public static Task EachAsync(IEnumerable<string> names, Func<string, Task> act) => Parallel.ForEachAsync(
        names, new ParallelOptions { MaxDegreeOfParallelism = EnrollAtOnce, CancellationToken = Cancellation }, async (name, _) => await act(name));

    public static IReadOnlyList<string> Names(string prefix, int count) => [.. Enumerable.Range(0, count).Select(index => $"{prefix}-{index:D3}")];

    /// <summary>
    /// Changes the status of the device's certificate, and waits until Lamassu's own Device Manager has followed: to a hold it reacts for good when it is late.
    /// </summary>
    public async Task SetStatusAsync(string device, string status, string reason = "Unspecified")
    {
        await Lamassu.SetCertificateStatusAsync(CurrentSerial(device), status, reason);
        await UntilAsync(() => StandIns.Lamassu.State.Find(LamassuKind.Device, device)!["identity"]!["status"]!.GetValue<string>() == status, Patient);
    }

    public string CurrentSerial(string device) => FleetState.SerialNumbers(StandIns.Lamassu.State.Find(LamassuKind.Device, device)!)[^1];

    /// <summary>
    /// Waits until AWS and the notes in Lamassu are as Lamassu's objects ask for, and no message is left but for so many dead letters. It does not wait for what
    /// can't come any more.
    /// </summary>
    /// <returns>That state.</returns>
    public async Task<IReadOnlyList<string>> AssertAsLamassuAsksAsync(int deadLetters = 0)
    {
        var (expected, actual) = await LookAsync();
        var (changed, started) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        while (Publisher.Open > 0 || !expected.SequenceEqual(actual))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
            var (before, isOver) = (actual, Stopwatch.GetElapsedTime(started) > Patient);
            if (isOver || (Stopwatch.GetElapsedTime(changed) > Still && Publisher.Open == 0 && (await QueuesAsync()).Keys.All(IsOfDeadLetters)))
            {
                (expected, actual) = await LookAsync();
                Assert.True(
                    expected.SequenceEqual(actual),
                    $"AWS and its notes are not what Lamassu asks for, {(isOver ? $"after {Patient}" : "and no message is left that could change it")}"
                    + $" ({(await QueuesAsync()).Values.Sum()} in the queues):\n{FleetState.Differences(expected, actual)}");
            }

            (expected, actual) = await LookAsync();
            changed = actual.SequenceEqual(before) ? changed : Stopwatch.GetTimestamp();
        }

        await AssertNothingLeftAsync(deadLetters);
        actual = await FleetState.ReadAsync(this, Cancellation);
        Assert.True(expected.SequenceEqual(actual), $"The last messages made wrong what was right:\n{FleetState.Differences(expected, actual)}");
        return expected;
    }

    /// <summary>
    /// Each queue of the connector becomes empty, with nothing unacknowledged, but for so many dead letters. When nothing but dead letters is left, and stays so,
    /// there is nothing to wait for.
    /// </summary>
    public async Task AssertNothingLeftAsync(int deadLetters = 0)
    {
        var left = await QueuesAsync();
        var (changed, started) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        while (!left.Keys.All(IsOfDeadLetters) || left.Values.Sum() != deadLetters)
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started) < Patient && (Stopwatch.GetElapsedTime(changed) < Still || !left.Keys.All(IsOfDeadLetters)),
                $"{deadLetters} dead letters and nothing else expected; there are: {string.Join(", ", left.Select(queue => $"{queue.Key} {queue.Value}"))}");

            // The broker's own tool is a heavy one.
            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
            var before = left;
            left = await QueuesAsync();
            changed = left.OrderBy(queue => queue.Key).SequenceEqual(before.OrderBy(queue => queue.Key)) ? changed : Stopwatch.GetTimestamp();
        }
    }

    private static bool IsOfDeadLetters(string queue) => queue.EndsWith(".dead-letters", StringComparison.Ordinal);

    public async Task<IConnection> ConnectAsync() => await (await node.ConnectionAsync(Cancellation)).CreateConnectionAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        Lamassu.Dispose();
        devices.Dispose();
        await StandIns.DisposeAsync();
        await Publisher.DisposeAsync();
    }

    private async Task<(IReadOnlyList<string> Expected, IReadOnlyList<string> Actual)> LookAsync()
    {
        await StandIns.Lamassu.WhenQuietAsync().WaitAsync(Cancellation);
        return (FleetState.AsLamassuAsks(this), await FleetState.ReadAsync(this, Cancellation));
    }

    /// <summary>The connector's queues that are not empty.</summary>
    private async Task<IReadOnlyDictionary<string, int>> QueuesAsync() => (await node.QueuesAsync(Cancellation))
        .Where(queue => queue.Value > 0 && (queue.Key == Queue || queue.Key.StartsWith($"{Queue}.", StringComparison.Ordinal)))
        .ToDictionary(queue => queue.Key, queue => queue.Value);

    /// <summary>So many retries, a second apart, the shortest that a broker's queues are good for.</summary>
    public static (string Key, string? Value)[] Delays(int retries) =>
    [
        .. Enumerable.Range(0, MaxRetries).Select(retry =>
            ($"event_retries:delays:{retry.ToString(CultureInfo.InvariantCulture)}", retry < retries ? "00:00:01" : null)),
    ];

    // Pauses are shorter than in production, so that a test sees several of them; many enough that nothing is given up that could still succeed.
    private IEnumerable<(string Key, string? Value)> Configuration() =>
    [
        .. new[] { "subscriber_event_bus", "subscriber_dlq_event_bus" }.SelectMany(bus => new (string, string?)[]
        {
            ($"{bus}:provider", "amqp"), ($"{bus}:hostname", "127.0.0.1"), ($"{bus}:port", $"{node.Port}"),
        }),
        ("subscriber_event_bus:exchange", Exchange),
        ("event_retries:pause", "00:00:00.100"),
        .. Delays(MaxRetries),
        ("logs:level", "warning"),
    ];
}
