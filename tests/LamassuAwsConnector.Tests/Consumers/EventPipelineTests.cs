using System.Text;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Api.Startup;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Telemetry;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace LamassuAwsConnector.Tests.Consumers;

public sealed class EventPipelineTests
{
    private const string Type = "ca.create";
    private const string TypeTriedWithoutEnd = "certificate.status.update";

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly RecordingBus bus = new();
    private readonly Queue<Func<EventOutcome>> answers = new();
    private int calls;
    private bool? lastAttempt;
    private ConnectorException? away;
    private DeniedGates gates = null!;

    [Theory]
    [InlineData(EventOutcome.Handled, "handled")]
    [InlineData(EventOutcome.Ignored, "ignored")]
    [InlineData(EventOutcome.Outdated, "outdated")]
    public async Task An_outcome_ends_the_message(EventOutcome outcome, string word)
    {
        answers.Enqueue(() => outcome);

        await HandleAsync(Message());

        Assert.Equal(word, Assert.Single(bus.Ends).Outcome);
        Assert.Empty(bus.Delayed);
        Assert.Empty(bus.DeadLetters);
    }

    [Theory]
    [InlineData("source://lamassu.io/ctx/source/service/awsiot-connector/aws-iot-test")]
    [InlineData("source://lamassu.io/ctx/source/source://lamassu.io/ctx/source/service/awsiot-connector/aws-iot-test")]
    public async Task An_event_of_the_connector_itself_is_ignored_in_both_forms_of_its_source(string source)
    {
        await HandleAsync(Message(source: source));

        Assert.Equal("ignored", Assert.Single(bus.Ends).Outcome);
        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task A_status_or_an_end_is_handled_whoever_is_said_to_have_caused_it()
    {
        answers.Enqueue(() => EventOutcome.Handled);

        await HandleAsync(Message(TypeTriedWithoutEnd, "source://lamassu.io/ctx/source/service/awsiot-connector/aws-iot-test"));

        Assert.Equal("handled", Assert.Single(bus.Ends).Outcome);
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData("source://lamassu.io/ctx/source/service/awsiot-connector/not-aws-iot-test")]
    [InlineData("source://lamassu.io/ctx/source/service/awsiot-connector/aws-iot-test-2")]
    [InlineData("")]
    public async Task An_event_of_somebody_else_is_handled(string source)
    {
        answers.Enqueue(() => EventOutcome.Handled);

        await HandleAsync(Message(source: source));

        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData("ca.create.error")]
    [InlineData("audit.ca.create")]
    [InlineData("CA.CREATE")]
    public async Task A_type_that_is_not_equal_to_a_handled_one_is_ignored(string type)
    {
        await HandleAsync(Message(type));

        Assert.Equal("ignored", Assert.Single(bus.Ends).Outcome);
        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData("{not json", "not_json")]
    [InlineData("", "not_json")]
    [InlineData("[1,2]", "not_a_cloudevent")]
    [InlineData("\"text\"", "not_a_cloudevent")]
    [InlineData("""{"specversion":"0.3","type":"ca.create"}""", "not_a_cloudevent")]
    [InlineData("""{"specversion":"1.0"}""", "not_a_cloudevent")]
    public async Task A_body_that_is_no_cloud_event_is_dead_lettered_at_once(string body, string code)
    {
        await HandleAsync(ReceivedEvent.Of(Encoding.UTF8.GetBytes(body), new Dictionary<string, string>()));

        var letter = Assert.Single(bus.DeadLetters);
        Assert.Equal((FailureKind.Invalid, code, 1), (letter.Kind, letter.Code, letter.Deliveries));
        Assert.Equal("invalid", Assert.Single(bus.Ends).Code);
    }

    [Fact]
    public async Task A_failure_that_passes_within_the_delivery_needs_no_further_one()
    {
        answers.Enqueue(() => throw Failure(FailureKind.Unavailable));
        answers.Enqueue(() => throw Failure(FailureKind.Throttled));
        answers.Enqueue(() => EventOutcome.Handled);

        await HandleAsync(Message());

        Assert.Equal(3, calls);
        Assert.Equal("handled", Assert.Single(bus.Ends).Outcome);
    }

    [Theory]
    [InlineData(FailureKind.Unavailable, 3)]
    [InlineData(FailureKind.Throttled, 3)]
    [InlineData(FailureKind.Unexpected, 1)]
    [InlineData(FailureKind.Denied, 1)]
    public async Task A_failure_that_may_pass_is_delivered_later_with_the_next_delay(FailureKind kind, int attempts)
    {
        AlwaysFail(kind);

        await HandleAsync(Message(retries: 1));

        Assert.Equal(attempts, calls);
        var (headers, delay) = Assert.Single(bus.Delayed);
        Assert.Equal(TimeSpan.FromSeconds(30), delay);
        Assert.Equal("2", headers[ReceivedEvent.RetriesHeader]);
        Assert.Empty(bus.Ends);
    }

    [Theory]
    [InlineData(FailureKind.Unavailable, 2)]
    [InlineData(FailureKind.Throttled, 2)]
    [InlineData(FailureKind.Unexpected, 2)]
    [InlineData(FailureKind.Invalid, 0)]
    [InlineData(FailureKind.Conflict, 0)]
    public async Task A_failure_that_can_not_pass_any_more_is_dead_lettered_with_its_cause(FailureKind kind, int retries)
    {
        AlwaysFail(kind);

        await HandleAsync(Message(retries: retries));

        var letter = Assert.Single(bus.DeadLetters);
        Assert.Equal((kind, "some_code", retries + 1), (letter.Kind, letter.Code, letter.Deliveries));
        Assert.Equal("dead_lettered", Assert.Single(bus.Ends).Outcome);
        Assert.Empty(bus.Delayed);
    }

    [Fact]
    public async Task Denied_access_is_tried_until_the_message_is_too_old()
    {
        AlwaysFail(FailureKind.Denied);
        await HandleAsync(Message(retries: 50, firstTime: time.GetUtcNow() - TimeSpan.FromHours(23)));
        Assert.Equal(TimeSpan.FromSeconds(30), Assert.Single(bus.Delayed).Delay);

        await HandleAsync(Message(retries: 51, firstTime: time.GetUtcNow() - TimeSpan.FromHours(25)));
        Assert.Equal(FailureKind.Denied, Assert.Single(bus.DeadLetters).Kind);
    }

    [Fact]
    public async Task An_object_that_is_gone_from_Lamassu_ends_the_message_without_a_dead_letter()
    {
        AlwaysFail(FailureKind.NotFound);

        await HandleAsync(Message());

        Assert.Equal("gone", Assert.Single(bus.Ends).Outcome);
        Assert.Empty(bus.DeadLetters);
    }

    [Fact]
    public async Task An_exception_that_nobody_foresaw_is_delivered_later_and_leaks_nothing_into_the_dead_letter()
    {
        answers.Enqueue(() => throw new InvalidOperationException("secret"));
        await HandleAsync(Message(retries: 2));

        var letter = Assert.Single(bus.DeadLetters);
        Assert.Equal(FailureKind.Unexpected, letter.Kind);
        Assert.DoesNotContain("secret", letter.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_something_else_is_delivered_later_and_the_handler_learns_which_delivery_is_the_last()
    {
        answers.Enqueue(() => EventOutcome.Waiting);
        await HandleAsync(Message());
        Assert.Single(bus.Delayed);
        Assert.False(lastAttempt);

        answers.Enqueue(() => EventOutcome.Handled);
        await HandleAsync(Message(retries: 2));
        Assert.True(lastAttempt);
    }

    [Fact]
    public async Task A_message_that_can_be_put_nowhere_goes_back_to_the_queue()
    {
        bus.Fails = true;
        AlwaysFail(FailureKind.Conflict);

        await Assert.ThrowsAsync<IOException>(() => HandleAsync(Message()));
        Assert.Empty(bus.Ends);
    }

    [Fact]
    public async Task A_failure_while_AWS_is_away_as_a_whole_uses_up_no_retry_but_of_a_status()
    {
        away = Failure(FailureKind.Unavailable);
        AlwaysFail(FailureKind.Unavailable);

        await HandleAsync(Message(retries: 2));

        var (headers, delay) = Assert.Single(bus.Delayed);
        Assert.Equal("2", headers[ReceivedEvent.RetriesHeader]);
        Assert.Equal(TimeSpan.FromSeconds(30), delay);
        await HandleAsync(Message(TypeTriedWithoutEnd, retries: 2));
        Assert.Equal("3", bus.Delayed[^1].Headers[ReceivedEvent.RetriesHeader]);
        Assert.Empty(bus.DeadLetters);
    }

    [Theory]
    [InlineData(FailureKind.Denied, FailureKind.Unavailable)]
    [InlineData(FailureKind.Unavailable, FailureKind.Denied)]
    public async Task A_call_that_is_denied_or_a_failure_of_another_kind_is_no_outage(FailureKind look, FailureKind failure)
    {
        away = Failure(look);
        AlwaysFail(failure);

        await HandleAsync(Message());

        Assert.Equal("1", Assert.Single(bus.Delayed).Headers[ReceivedEvent.RetriesHeader]);
    }

    [Fact]
    public async Task Events_of_a_type_that_is_denied_to_one_after_the_other_wait_untried_but_one_a_minute()
    {
        AlwaysFail(FailureKind.Denied);
        for (var message = 0; message < 5; message++)
        {
            await HandleAsync(Message());
        }

        Assert.Equal(3, calls);
        Assert.Equal([Type], gates.Closed);
        Assert.Equal(["1", "1", "1", "0", "0"], bus.Delayed.Select(delayed => delayed.Headers[ReceivedEvent.RetriesHeader]));
        Assert.Equal(TimeSpan.FromSeconds(30), bus.Delayed[^1].Delay);

        time.Advance(TimeSpan.FromMinutes(1));
        await HandleAsync(Message());
        await HandleAsync(Message());
        Assert.Equal(4, calls);
    }

    [Fact]
    public async Task Denied_events_are_tried_again_when_one_of_them_has_succeeded()
    {
        AlwaysFail(FailureKind.Denied);
        for (var message = 0; message < 4; message++)
        {
            await HandleAsync(Message());
        }

        time.Advance(TimeSpan.FromMinutes(1));
        answers.Clear();
        answers.Enqueue(() => EventOutcome.Handled);
        answers.Enqueue(() => EventOutcome.Handled);
        await HandleAsync(Message());
        await HandleAsync(Message());

        Assert.Equal(2, bus.Ends.Count);
        Assert.Empty(gates.Closed);
    }

    [Fact]
    public async Task An_object_that_is_denied_among_others_that_succeed_holds_up_none()
    {
        for (var message = 0; message < 6; message++)
        {
            var isDenied = message % 2 == 0;
            answers.Enqueue(() => isDenied ? throw Failure(FailureKind.Denied) : EventOutcome.Handled);
            await HandleAsync(Message());
        }

        Assert.Equal(6, calls);
        Assert.Empty(gates.Closed);
    }

    [Fact]
    public async Task An_end_is_tried_though_access_is_denied_to_all_and_so_is_what_is_too_old_to_wait()
    {
        AlwaysFail(FailureKind.Denied);
        for (var message = 0; message < 5; message++)
        {
            await HandleAsync(Message(TypeTriedWithoutEnd));
        }

        Assert.Equal(5, calls);
        await HandleAsync(Message());
        await HandleAsync(Message());
        await HandleAsync(Message());
        await HandleAsync(Message(firstTime: time.GetUtcNow() - TimeSpan.FromHours(25)));
        Assert.Equal(9, calls);
        Assert.Single(bus.DeadLetters);
    }

    private static ReceivedEvent Message(string type = Type, string source = "source://lamassu.io/ctx/source/service/ca", int retries = 0, DateTimeOffset? firstTime = null)
    {
        var headers = new Dictionary<string, string>();
        if (retries > 0)
        {
            headers[ReceivedEvent.RetriesHeader] = $"{retries}";
        }

        if (firstTime is { } first)
        {
            headers[ReceivedEvent.FirstTimeHeader] = first.ToString("O");
        }

        var body = $$$"""{"specversion":"1.0","id":"unknown","source":"{{{source}}}","type":"{{{type}}}","data":{"id":"ca-1"}}""";
        return ReceivedEvent.Of(Encoding.UTF8.GetBytes(body), headers);
    }

    private static ConnectorException Failure(FailureKind kind) => new(kind, "some_code", FailureSource.Aws, "It failed.");

    private void AlwaysFail(FailureKind kind)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            answers.Enqueue(() => throw Failure(kind));
        }
    }

    private Task HandleAsync(ReceivedEvent received)
    {
        HandleEvent handle = (_, delivery, _) =>
        {
            calls++;
            lastAttempt = delivery.IsLastAttempt;
            return Task.FromResult(answers.Dequeue()());
        };
        var routes = new EventRoutes(
            new Dictionary<string, HandleEvent> { [Type] = handle, [TypeTriedWithoutEnd] = handle },
            triedWithoutEnd: [TypeTriedWithoutEnd],
            handledWhoeverCaused: [TypeTriedWithoutEnd]);
        var options = new EventRetryOptions { Pause = TimeSpan.Zero, Delays = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)] };
        var pending = new PendingRevocations(time);
        var metrics = TestMetrics.Create(pending);
        var telemetry = new EventTelemetry(routes, metrics, pending, time);
        gates ??= new DeniedGates(metrics, time, NullLogger<DeniedGates>.Instance);
        var identity = new IdentityGate();
        identity.Open();
        var pipeline = new EventPipeline(
            routes,
            bus,
            Options.Create(options),
            Options.Create(new ConnectorOptions { ConnectorId = "aws-iot-test" }),
            identity,
            new CurrentEvent(),
            telemetry,
            new Outages((_, _) => Task.FromResult(away)),
            gates,
            time,
            NullLogger<EventPipeline>.Instance);
        return pipeline.HandleAsync(received, TestContext.Current.CancellationToken);
    }

    private sealed class RecordingBus : IEventBus
    {
        public bool Fails { get; set; }

        public List<(IReadOnlyDictionary<string, string> Headers, TimeSpan Delay)> Delayed { get; } = [];

        public List<DeadLetter> DeadLetters { get; } = [];

        public List<EventEnd> Ends { get; } = [];

        public Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken)
        {
            Delayed.Add((headers, delay));
            return Task.CompletedTask;
        }

        public Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken)
        {
            DeadLetters.Add(letter);
            return Fails ? Task.FromException(new IOException("no broker")) : Task.CompletedTask;
        }

        public Task SendToFleetQueueAsync(
            ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken) =>
            throw new NotSupportedException("No event of these tests concerns a fleet.");

        public void Ended(ReceivedEvent received, EventEnd end) => Ends.Add(end);
    }
}
