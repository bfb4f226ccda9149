using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>
/// Every recorded call to Lamassu, made once more to the stand-in, in the order and at the times of the recording. Not all that happened was recorded, so each
/// scenario begins with devices, DMSs and device certificates as it found them.
/// </summary>
public sealed class RecordedStory : IAsyncLifetime
{
    private readonly RecordedNames names = new();
    private readonly HttpClient http = new();
    private readonly List<PlayedCall> played = [];
    private readonly List<(string Folder, IReadOnlyList<PublishedEvent> Published)> events = [];
    private readonly HashSet<(string Folder, string Subject)> known = [];
    private RecordedObjects objects = null!;

    internal IReadOnlyList<PlayedCall> Calls => played;

    /// <summary>What the stand-in published, by scenario.</summary>
    internal ILookup<string, PublishedEvent> Published =>
        events.SelectMany(step => step.Published.Select(item => (step.Folder, Item: item))).ToLookup(pair => pair.Folder, pair => pair.Item);

    internal RecordedNames Names => names;

    public async ValueTask InitializeAsync()
    {
        await using var lamassu = await LamassuHarness.StartAsync();
        var calls = RecordedCalls.Read();
        var recordedEvents = RecordedCalls.ReadEvents();
        objects = new RecordedObjects(calls, recordedEvents);
        var monitorRuns = new Queue<RecordedEvent>(recordedEvents.Where(item =>
            item.Published is { Id: "unknown", Type: "certificate.metadata.update" or "certificate.status.update" }));
        foreach (var call in calls)
        {
            while (monitorRuns.TryPeek(out var run) && run.Time < call.Time)
            {
                await RunMonitorAsync(lamassu, monitorRuns.Dequeue());
            }

            await PlayAsync(lamassu, call);
        }
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The expiry monitor ran when it is seen to have published something.</summary>
    private async Task RunMonitorAsync(LamassuHarness lamassu, RecordedEvent recorded)
    {
        lamassu.Published.Clear();
        lamassu.Time.SetUtcNow(recorded.Time);
        await lamassu.StandIn.RunExpiryMonitorAsync(recorded.Time, TestContext.Current.CancellationToken);
        await lamassu.StandIn.WhenQuietAsync();

        // Once, for dev-prev, the real Device Manager did not follow the certificate; why is not known.
        events.Add((recorded.Folder, [.. lamassu.Published.Where(item => item is not { Source: "eventbus-unknown", Subject: "device/dev-prev" })]));
    }

    private async Task PlayAsync(LamassuHarness lamassu, RecordedCall call)
    {
        lamassu.Time.SetUtcNow(call.Time > lamassu.Time.GetUtcNow() ? call.Time : lamassu.Time.GetUtcNow());
        if (call.Url == "/v1/cas/import" && (string?)call.Request!["private_key"] == "(removed)")
        {
            // Nobody has the key any more.
            Put(lamassu, call, LamassuKind.CA, (string)call.Request["id"]!);
            return;
        }

        foreach (var (kind, id) in RecordedObjects.NeededBy(call))
        {
            Put(lamassu, call, kind, id);
        }

        if (call.Folder == "97-ca-revoke")
        {
            // The CA below the one that is revoked was on hold by then; that was not recorded.
            SetStatus(lamassu, (string)lamassu.StandIn.State.Find(LamassuKind.CA, "ca-sub")!["serial_number"]!, "CertificateHold");
        }

        lamassu.Published.Clear();
        var answer = await SendAsync(lamassu, call);
        await lamassu.StandIn.WhenQuietAsync();
        names.Learn(call.Response, answer);

        // What this call changed is the stand-in's own work from here on.
        foreach (var subject in lamassu.Published.Select(item => item.Subject).OfType<string>())
        {
            known.Add((call.Folder, subject));
        }

        played.Add(new PlayedCall(call, answer));
        events.Add((call.Folder, [.. lamassu.Published]));
    }

    private async Task<Answer> SendAsync(LamassuHarness lamassu, RecordedCall call)
    {
        var standIn = lamassu.StandIn;
        var url = call.Service switch { "ca" => standIn.CAUrl, "device-manager" => standIn.DeviceManagerUrl, _ => standIn.DmsManagerUrl };
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri(url, names.Translate(call.Url)));
        request.Content = call.Request switch
        {
            null => null,
            JsonValue csr => new StringContent(csr.GetValue<string>(), new MediaTypeHeaderValue("application/pkcs10")),
            var json => new StringContent(names.Translate(json.ToJsonString()), new MediaTypeHeaderValue("application/json")),
        };
        if (call.Source is not null)
        {
            request.Headers.Add("x-lms-source", call.Source);
        }

        if (call.ContentType == "application/x-pem-file")
        {
            request.Headers.Add("Accept", call.ContentType);
        }

        try
        {
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new Answer(call.Service, call.Method, call.Url, (int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), text);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.Unknown)
        {
            return new Answer(call.Service, call.Method, call.Url, Answer.Dropped, null, "");
        }
    }

    private void Put(LamassuHarness lamassu, RecordedCall call, LamassuKind kind, string id)
    {
        // CAs hold a key here that fits their certificate, and all that was done with them was recorded.
        var subject = names.Translate($"{kind.ToString().ToLowerInvariant()}/{id}");
        if (!known.Add((call.Folder, subject)) || (kind == LamassuKind.CA && lamassu.StandIn.State.Find(kind, id) is not null))
        {
            return;
        }

        if (objects.FoundBy(call, kind, id) is { } recorded)
        {
            lamassu.StandIn.State.Store(kind, JsonNode.Parse(names.Translate(recorded.ToJsonString()))!.AsObject());
            foreach (var (otherKind, otherId) in RecordedObjects.BelongingTo(kind, recorded))
            {
                Put(lamassu, call, otherKind, otherId);
            }

            if (recorded["identity"] is JsonObject slot && (string?)slot["status"] == "REVOKED")
            {
                // Only the device shows that its certificate was revoked since it was seen last.
                SetStatus(lamassu, names.Translate((string)slot["versions"]![$"{slot["active_version"]}"]!), "Unspecified");
            }
        }
    }

    private static void SetStatus(LamassuHarness lamassu, string serialNumber, string reason)
    {
        if (lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber) is { } certificate && (string?)certificate["status"] == "ACTIVE")
        {
            certificate["status"] = "REVOKED";
            certificate["revocation_reason"] = reason;
            certificate["revocation_timestamp"] = "2026-11-23T14:49:35.690723Z";
            lamassu.StandIn.State.Store(LamassuKind.Certificate, certificate);
        }
    }
}

/// <param name="Recorded">What was asked and answered in the recording.</param>
/// <param name="Answer">The stand-in's answer.</param>
internal sealed record PlayedCall(RecordedCall Recorded, Answer Answer);
