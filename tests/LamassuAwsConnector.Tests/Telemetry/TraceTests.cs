using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Telemetry;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Telemetry;

/// <summary>One trace from what set something going through to each call that follows.</summary>
public sealed class TraceTests
{
    private static readonly string[] Calls =
        ["IoT.RegisterThing", "Lamassu.GetDevice", "Lamassu.GetDms", "Lamassu.UpdateDeviceMetadata", "Lamassu.UpdateCertificateMetadata"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_continues_the_trace_of_its_header_through_to_each_call()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        var (traceId, parent) = NewTrace();
        using var spans = new Spans(traceId);

        var end = await scenario.Stage.PublishBindAsync(Device, scenario.Stage.CurrentSerial(Device), traceParent: parent);

        Assert.Equal("handled", end.Outcome);
        var root = await spans.StoppedAsync("dms.bind-device-id process");
        Assert.Equal((parent[36..52], ActivityKind.Consumer, "handled"), (root.ParentSpanId.ToString(), root.Kind, root.GetTagItem("outcome")));
        foreach (var call in Calls)
        {
            var span = Assert.Single(spans.Stopped, span => span.OperationName == call);
            Assert.Equal((root.SpanId, ActivityKind.Client, ActivityStatusCode.Unset), (span.ParentSpanId, span.Kind, span.Status));
        }
    }

    [Fact]
    public async Task Lamassu_is_told_the_trace_whether_or_not_somebody_listens()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        var (traceId, parent) = NewTrace();

        await scenario.Stage.PublishBindAsync(Device, scenario.Stage.CurrentSerial(Device), traceParent: parent);

        var calls = scenario.Stage.Stage.StandIns.Lamassu.Calls.Where(
            call => call.Headers.GetValueOrDefault("traceparent")?.Contains(traceId, StringComparison.Ordinal) == true);
        Assert.Contains(calls, call => call.Method == "GET" && call.PathAndQuery == $"/v1/devices/{Device}");
        Assert.Contains(calls, call => call.Method == "PUT" && call.PathAndQuery == $"/v1/devices/{Device}/metadata");
    }

    [Fact]
    public async Task A_failed_call_says_so_in_its_span()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await scenario.Stage.FailAwsAsync("RegisterThing", 1, "InvalidRequestException");
        var (traceId, parent) = NewTrace();
        using var spans = new Spans(traceId);

        await scenario.Stage.PublishBindAsync(Device, scenario.Stage.CurrentSerial(Device), traceParent: parent);

        foreach (var name in new[] { "IoT.RegisterThing", "dms.bind-device-id process" })
        {
            var span = await spans.StoppedAsync(name);
            Assert.Equal((ActivityStatusCode.Error, "InvalidRequestException"), (span.Status, span.GetTagItem("error.type")));
        }
    }

    [Fact]
    public async Task A_request_continues_the_trace_of_its_caller()
    {
        // The server makes no span where nobody could read it, in a log line or otherwise.
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, configuration: ("logs:level", "error"));
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        var (traceId, parent) = NewTrace();
        using var spans = new Spans(traceId);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/devices/{Device}/register-aws")
        {
            Content = JsonContent.Create(new JsonObject { ["connector_id"] = TestStage.ConnectorId }),
        };
        request.Headers.Add("traceparent", parent);

        using var response = await scenario.Stage.Connector.SendAsync(request, Cancellation);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Single(spans.Stopped, span => span.OperationName == "IoT.RegisterThing");
        Assert.Contains(spans.Stopped, span => span.OperationName == "Lamassu.GetDevice");
    }

    [Fact]
    public async Task Without_a_header_the_extension_of_the_event_counts()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        var (traceId, parent) = NewTrace();
        using var spans = new Spans(traceId);
        var body = new JsonObject { ["specversion"] = "1.0", ["type"] = "ca.create", ["source"] = "x", ["id"] = "unknown", ["traceparent"] = parent };

        await stage.Stage.Connector.PublishAsync(
            Encoding.UTF8.GetBytes(body.ToJsonString()), "ca.create", new Dictionary<string, string>(), Cancellation);

        await spans.StoppedAsync("ca.create process");
    }

    // Not recorded, as Lamassu with its tracing off marks every trace.
    private static (string TraceId, string Parent) NewTrace()
    {
        var traceId = ActivityTraceId.CreateRandom().ToString();
        return (traceId, $"00-{traceId}-{ActivitySpanId.CreateRandom()}-00");
    }

    /// <summary>The connector's spans of one trace, from now on.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> stopped = new();
        private readonly ActivityListener listener;

        public Spans(string traceId)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == ConnectorTelemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    if (activity.TraceId.ToString() == traceId)
                    {
                        stopped.Enqueue(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public IReadOnlyCollection<Activity> Stopped => stopped;

        /// <returns>The only one of that name. An event's own ends a moment after its end was told.</returns>
        public async Task<Activity> StoppedAsync(string name)
        {
            await UntilAsync(() => stopped.Any(span => span.OperationName == name));
            return Assert.Single(stopped, span => span.OperationName == name);
        }

        public void Dispose() => listener.Dispose();
    }
}
