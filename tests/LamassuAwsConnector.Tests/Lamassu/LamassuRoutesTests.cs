using System.Text.Json.Nodes;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace LamassuAwsConnector.Tests.Lamassu;

/// <summary>Every route that we call, against the recorded answer of a real Lamassu; and the answers that Lamassu never gives on purpose.</summary>
public sealed class LamassuRoutesTests : IDisposable
{
    private readonly WireMockServer server = WireMockServer.Start();
    private readonly ServiceProvider services;
    private readonly LamassuClient lamassu;

    public LamassuRoutesTests()
    {
        services = Services(timeout: "00:00:30");
        lamassu = services.GetRequiredService<LamassuClient>();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ServiceProvider Services(string timeout)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["connector_id"] = "aws.123456789012",
            ["ca_client:base_url"] = $"{server.Url}/api/ca/",
            ["device_manager_client:base_url"] = $"{server.Url}/api/devmanager",
            ["dms_manager_client:base_url"] = $"{server.Url}/api/dmsmanager",
            ["ca_client:timeout"] = timeout,
        }).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(TimeProvider.System)
            .AddLogging(logging => logging.ClearProviders())
            .Configure<ConnectorOptions>(configuration)
            .AddLamassu()
            .BuildServiceProvider();
    }

    public void Dispose()
    {
        services.Dispose();
        server.Dispose();
    }

    [Fact]
    public async Task A_CA_is_read_as_recorded()
    {
        var recorded = Answer("ca", "GET", "/v1/cas/ca-prim");

        var ca = await lamassu.GetCAAsync("ca-prim", Cancellation);

        Assert.Equal("GET /api/ca/v1/cas/ca-prim", Request());
        Assert.Equal("ca-prim", ca.Id);
        Assert.Equal(recorded["certificate"]!["serial_number"]!.GetValue<string>(), ca.Certificate!.SerialNumber);
        Assert.Equal(recorded["certificate"]!["subject_key_id"]!.GetValue<string>(), ca.Certificate.SubjectKeyId);
        Assert.Equal("MANAGED", ca.Certificate.Type);
        Assert.Equal("ACTIVE", ca.Certificate.Status);
        Assert.True(JsonNode.DeepEquals(recorded["metadata"], ca.Metadata));
    }

    [Fact]
    public async Task Every_call_says_its_source()
    {
        Answer("ca", "GET", "/v1/cas/ca-prim");

        await lamassu.GetCAAsync("ca-prim", Cancellation);

        Assert.Equal("service/awsiot-connector/aws.123456789012", server.LogEntries[0].RequestMessage!.Headers!["x-lms-source"].ToString());
    }

    [Fact]
    public async Task A_CAs_metadata_is_patched_as_recorded()
    {
        var recorded = Answer("ca", "PUT", "/v1/cas/ca-prim/metadata");

        var ca = await lamassu.UpdateCAMetadataAsync("ca-prim", new MetadataPatch().Set("lamassu.io/iot/aws.1", "arn", "x"), Cancellation);

        Assert.Equal("PUT /api/ca/v1/cas/ca-prim/metadata", Request());
        Assert.Equal("""{"patches":[{"op":"add","path":"/lamassu.io~1iot~1aws.1/arn","value":"x"}]}""", RequestBody());
        Assert.True(JsonNode.DeepEquals(recorded["metadata"], ca.Metadata));
    }

    [Fact]
    public async Task A_certificate_is_signed_with_a_profile_of_its_own()
    {
        var recorded = Answer("ca", "POST", "/v1/cas/ca-prim/certificates/sign");

        var certificate = await lamassu.SignCertificateAsync(
            "ca-prim", new SignCertificateRequest("Y3Ny", new SigningProfile(new SigningValidity("Duration", "1d"), true, ["DigitalSignature"])), Cancellation);

        Assert.Equal("POST /api/ca/v1/cas/ca-prim/certificates/sign", Request());
        Assert.Equal(
            """{"csr":"Y3Ny","profile":{"validity":{"type":"Duration","duration":"1d"},"honor_subject":true,"key_usage":["DigitalSignature"]}}""", RequestBody());
        Assert.Equal(recorded["serial_number"]!.GetValue<string>(), certificate.SerialNumber);
        Assert.Equal(recorded["certificate"]!.GetValue<string>(), certificate.EncodedPem);
    }

    [Fact]
    public async Task A_certificates_metadata_and_status_are_written_as_recorded()
    {
        var call = Recordings.LamassuCalls().First(call => (string?)call["service"] == "ca" && (string?)call["method"] == "PUT"
            && ((string)call["url"]!).EndsWith("/metadata", StringComparison.Ordinal) && ((string)call["url"]!).StartsWith("/v1/certificates/", StringComparison.Ordinal));
        var serial = ((string)call["url"]!).Split('/')[3];
        Answer("ca", "PUT", $"/v1/certificates/{serial}/metadata");
        Answer("/api/ca", $"/v1/certificates/{serial}/status", "PUT", 200, call["response"]!.ToJsonString());

        var certificate = await lamassu.UpdateCertificateMetadataAsync(serial, new MetadataPatch().Set("k", "arn", "x"), Cancellation);
        await lamassu.RevokeCertificateAsync(serial, "CessationOfOperation", Cancellation);

        Assert.Equal(serial, certificate.SerialNumber);
        Assert.Equal($"PUT /api/ca/v1/certificates/{serial}/status", Request());
        Assert.Equal("""{"status":"REVOKED","revocation_reason":"CessationOfOperation"}""", RequestBody());
    }

    [Fact]
    public async Task Certificates_are_listed_by_serial_number_and_what_was_not_asked_for_is_passed_over()
    {
        Answer("/api/ca", "/v1/certificates", "GET", 200, """{"next":"","list":[{"serial_number":"0a"},{"serial_number":"ff"}]}""");

        var certificates = await lamassu.ListCertificatesAsync(["0a", "0b"], Cancellation);

        Assert.Equal("GET /api/ca/v1/certificates?filter=serial_number%5Bin%5D0a%2C0b&page_size=2&sort_by=serial_number", Request());
        Assert.Equal("0a", Assert.Single(certificates).SerialNumber);
    }

    [Fact]
    public async Task A_device_is_read_with_its_identity_slot()
    {
        var call = Recordings.LamassuCalls().First(call => (string?)call["service"] == "device-manager" && (string?)call["method"] == "GET"
            && (string?)call["url"] == "/v1/devices/dev-1" && call["response"]?["identity"] is not null);
        var slot = call["response"]!["identity"]!;
        Answer("/api/devmanager", "/v1/devices/dev-1", "GET", 200, call["response"]!.ToJsonString());

        var device = await lamassu.GetDeviceAsync("dev-1", Cancellation);

        Assert.Equal("GET /api/devmanager/v1/devices/dev-1", Request());
        Assert.Equal("dms-auto", device.DmsOwner);
        Assert.Equal(slot["versions"]![slot["active_version"]!.ToString()]!.GetValue<string>(), device.Identity!.ActiveSerialNumber);
        Assert.DoesNotContain(device.Identity.ActiveSerialNumber, device.Identity.EarlierSerialNumbers);
    }

    [Fact]
    public async Task A_devices_metadata_is_patched_as_recorded()
    {
        Answer("device-manager", "PUT", "/v1/devices/dev-1/metadata");

        var device = await lamassu.UpdateDeviceMetadataAsync("dev-1", new MetadataPatch().Set("k", "thing_registered", true), Cancellation);

        Assert.Equal("PUT /api/devmanager/v1/devices/dev-1/metadata", Request());
        Assert.Equal("dev-1", device.Id);
    }

    [Fact]
    public async Task A_DMS_is_read_with_its_reenrolment_settings()
    {
        Answer("dms-manager", "GET", "/v1/dms/dms-auto");

        var dms = await lamassu.GetDmsAsync("dms-auto", Cancellation);

        Assert.Equal("GET /api/dmsmanager/v1/dms/dms-auto", Request());
        Assert.Equal("dms-auto", dms.Id);
        Assert.NotNull(dms.Settings!.Reenrollment!.RevokeOnReenrollment);
    }

    [Fact]
    public async Task A_whole_DMS_is_put_back_as_recorded()
    {
        var call = Recordings.LamassuCalls().First(call =>
            (string?)call["service"] == "dms-manager" && (string?)call["method"] == "PUT" && (string?)call["url"] == "/v1/dms/dms-jitp"
            && (int)call["status"]! == 200);
        Answer("/api/dmsmanager", "/v1/dms/dms-jitp", "GET", 200, call["request"]!.ToJsonString());
        Answer("/api/dmsmanager", "/v1/dms/dms-jitp", "PUT", 200, call["response"]!.ToJsonString());

        var dms = await lamassu.GetWholeDmsAsync("dms-jitp", Cancellation);
        await lamassu.PutDmsAsync(dms, Cancellation);

        Assert.Equal("PUT /api/dmsmanager/v1/dms/dms-jitp", Request());
        Assert.True(JsonNode.DeepEquals(call["request"], JsonNode.Parse(RequestBody()!)));
    }

    [Theory]
    [InlineData("""{"id":"d","a":1.50,"b":12345678901234567890123,"c":1E2,"d":null,"e":[{}],"E":[],"settings":{"later":"x"}}""")]
    public async Task What_we_do_not_know_of_a_DMS_goes_back_to_the_letter(string body)
    {
        Answer("/api/dmsmanager", "/v1/dms/d", "GET", 200, body);
        Answer("/api/dmsmanager", "/v1/dms/d", "PUT", 200, body);

        await lamassu.PutDmsAsync(await lamassu.GetWholeDmsAsync("d", Cancellation), Cancellation);

        Assert.Equal(body, RequestBody());
    }

    [Fact]
    public async Task A_whole_DMS_that_is_missing_is_told_from_a_broken_DMS_Manager_too()
    {
        Answer("/api/dmsmanager", "/v1/dms/gone", "GET", 500, "{}");
        Answer("/api/dmsmanager", "/v1/dms/gone", "PUT", 500, "{}");
        Answer("/api/dmsmanager", "/v1/dms", "GET", 200, """{"next":"","list":[]}""");

        var read = await Assert.ThrowsAsync<ConnectorException>(() => lamassu.GetWholeDmsAsync("gone", Cancellation));
        var written = await Assert.ThrowsAsync<ConnectorException>(() => lamassu.PutDmsAsync(new JsonObject { ["id"] = "gone" }, Cancellation));

        Assert.Equal((FailureKind.NotFound, FailureKind.NotFound), (read.Kind, written.Kind));
    }

    [Theory]
    [InlineData(404, """{"err":"CA not found"}""", FailureKind.NotFound, "not_found")]
    [InlineData(404, "404 page not found", FailureKind.NotFound, "not_found")]
    [InlineData(400, """{"err":"device not found"}""", FailureKind.NotFound, "not_found")]
    [InlineData(500, """{"err":"mw error: could not get CA x: CA not found"}""", FailureKind.NotFound, "not_found")]
    [InlineData(500, """{"err":"mw error: could not get Certificate x: certificate not found"}""", FailureKind.NotFound, "not_found")]
    [InlineData(500, """{"err":"key not found"}""", FailureKind.Conflict, "key_not_found")]
    [InlineData(500, """{"err":"issuance profile not found"}""", FailureKind.Conflict, "issuance_profile_not_found")]
    [InlineData(500, "{}", FailureKind.Unavailable, "lamassu_error_without_text")]
    [InlineData(500, """{"Severity":"ERROR","Code":"23505"}""", FailureKind.Unavailable, "lamassu_error_without_text")]
    [InlineData(500, """{"err":"something else"}""", FailureKind.Unavailable, "lamassu_error")]
    [InlineData(502, "<html>bad gateway</html>", FailureKind.Unavailable, "lamassu_unavailable")]
    [InlineData(503, "", FailureKind.Unavailable, "lamassu_unavailable")]
    [InlineData(429, "", FailureKind.Throttled, "lamassu_throttled")]
    [InlineData(401, "", FailureKind.Denied, "lamassu_denied")]
    [InlineData(403, "", FailureKind.Denied, "lamassu_denied")]
    [InlineData(400, """{"err":"struct validation error"}""", FailureKind.Invalid, "lamassu_refused")]
    [InlineData(200, "not json", FailureKind.Unavailable, "lamassu_unreadable")]
    [InlineData(200, "[1,2]", FailureKind.Unavailable, "lamassu_unreadable")]
    public async Task A_failure_has_a_kind_and_names_the_object(int status, string body, FailureKind kind, string code)
    {
        Answer("/api/ca", "/v1/cas/ca-x", "GET", status, body);

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => lamassu.GetCAAsync("ca-x", Cancellation));

        Assert.Equal((kind, code, FailureSource.Lamassu), (failure.Kind, failure.Code, failure.FailureSource));
        Assert.Contains("CA ca-x", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_is_tried_three_times_and_a_write_once_while_a_gateway_says_503()
    {
        Answer("/api/ca", "/v1/cas/ca-x", "GET", 503, "");
        Answer("/api/ca", "/v1/cas/ca-x/metadata", "PUT", 503, "");

        await Assert.ThrowsAsync<ConnectorException>(() => lamassu.GetCAAsync("ca-x", Cancellation));
        Assert.Equal(3, server.LogEntries.Count);

        await Assert.ThrowsAsync<ConnectorException>(() => lamassu.UpdateCAMetadataAsync("ca-x", new MetadataPatch(), Cancellation));
        Assert.Equal(4, server.LogEntries.Count);
    }

    [Fact]
    public async Task A_service_that_hangs_is_unavailable_after_the_timeout()
    {
        server.Given(WireMock.RequestBuilders.Request.Create().WithPath("/api/ca/v1/cas/ca-x/metadata")).RespondWith(Response.Create().WithDelay(TimeSpan.FromSeconds(30)));
        await using var impatient = Services(timeout: "00:00:01");
        var client = impatient.GetRequiredService<LamassuClient>();

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.UpdateCAMetadataAsync("ca-x", new MetadataPatch(), Cancellation));

        Assert.Equal((FailureKind.Unavailable, "lamassu_timeout"), (failure.Kind, failure.Code));
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unavailable()
    {
        server.Stop();

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => lamassu.UpdateCAMetadataAsync("ca-x", new MetadataPatch(), Cancellation));

        Assert.Equal((FailureKind.Unavailable, "lamassu_unreachable"), (failure.Kind, failure.Code));
    }

    [Fact]
    public async Task A_cancellation_stays_one()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lamassu.GetCAAsync("ca-x", cancelled.Token));
    }

    [Fact]
    public async Task A_missing_DMS_is_told_from_a_broken_DMS_Manager_by_a_list()
    {
        Answer("/api/dmsmanager", "/v1/dms/gone", "GET", 500, "{}");
        Answer("/api/dmsmanager", "/v1/dms", "GET", 200, """{"next":"","list":[{"id":"broken"}]}""");
        Answer("/api/dmsmanager", "/v1/dms/broken", "GET", 500, "{}");

        var gone = await Assert.ThrowsAsync<ConnectorException>(() => lamassu.GetDmsAsync("gone", Cancellation));
        Assert.Equal("GET /api/dmsmanager/v1/dms?filter=id%5Beq%5Dgone", Request());
        var broken = await Assert.ThrowsAsync<ConnectorException>(() => lamassu.GetDmsAsync("broken", Cancellation));

        Assert.Equal(FailureKind.NotFound, gone.Kind);
        Assert.Equal(FailureKind.Unavailable, broken.Kind);
    }

    [Fact]
    public async Task A_refused_write_to_a_device_that_is_gone_is_not_found()
    {
        Answer("/api/devmanager", "/v1/devices/gone/metadata", "PUT", 500, "{}");
        Answer("/api/devmanager", "/v1/devices/gone", "GET", 400, """{"err":"device not found"}""");

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => lamassu.UpdateDeviceMetadataAsync("gone", new MetadataPatch(), Cancellation));

        Assert.Equal(FailureKind.NotFound, failure.Kind);
    }

    private JsonObject Answer(string service, string method, string url)
    {
        var call = Recordings.LamassuCalls().First(call =>
            (string?)call["service"] == service && (string?)call["method"] == method && (string?)call["url"] == url && (int)call["status"]! < 300);
        var prefix = service switch { "ca" => "/api/ca", "device-manager" => "/api/devmanager", _ => "/api/dmsmanager" };
        Answer(prefix, url, method, (int)call["status"]!, call["response"]!.ToJsonString());
        return call["response"]!.AsObject();
    }

    private void Answer(string prefix, string path, string method, int status, string body) => server
        .Given(WireMock.RequestBuilders.Request.Create().WithPath(prefix + path).UsingMethod(method))
        .RespondWith(Response.Create().WithStatusCode(status).WithHeader("Content-Type", "application/json; charset=utf-8").WithBody(body));

    private string Request()
    {
        var request = server.LogEntries[^1].RequestMessage!;
        var url = new Uri(request.AbsoluteUrl);
        return $"{request.Method} {url.PathAndQuery}";
    }

    private string? RequestBody() => server.LogEntries[^1].RequestMessage!.Body;
}
