using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class LamassuDecodingTests : IAsyncLifetime
{
    private LamassuHarness lamassu = null!;

    public async ValueTask InitializeAsync() => lamassu = await LamassuHarness.StartAsync();

    public ValueTask DisposeAsync() => lamassu.DisposeAsync();

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("{\"name\":", "unexpected EOF")]
    [InlineData("[1]", "json: cannot unmarshal array into Go struct field body of type struct")]
    [InlineData("{\"name\":1}", "json: cannot unmarshal number into Go struct field name of type string")]
    [InlineData("{\"sign_as_ca\":\"yes\"}", "json: cannot unmarshal string into Go struct field sign_as_ca of type bool")]
    [InlineData("{\"validity\":{\"type\":\"Duration\",\"duration\":null}}", "time: invalid duration \"\"")]
    [InlineData("{\"validity\":{\"type\":\"Duration\",\"duration\":\"\"}}", "time: invalid duration \"\"")]
    [InlineData("{\"validity\":{\"type\":\"Duration\",\"duration\":\"5 days\"}}", "time: invalid duration \"5 days\"")]
    [InlineData("{\"key_usage\":null}", "unknown key usage: ")]
    [InlineData("{\"key_usage\":\"\"}", "unknown key usage: ")]
    [InlineData("{\"key_usage\":[\"digitalsignature\"]}", "unknown key usage: digitalsignature")]
    [InlineData("{\"extended_key_usages\":[\"Web\"]}", "unknown extended key usage: Web")]
    public async Task What_cannot_be_decoded_is_a_400_of_json_called_plain_text(string body, string error)
    {
        var answer = await lamassu.CARaw("POST", "/v1/profiles", body);

        Assert.Equal((400, "text/plain; charset=utf-8", error), (answer.Status, answer.ContentType, answer.Error));
        Assert.Empty(lamassu.Published);
    }

    [Theory]
    [InlineData("{\"status\":\"REVOKED\",\"revocation_reason\":null}")]
    [InlineData("{\"status\":\"REVOKED\",\"revocation_reason\":\"\"}")]
    [InlineData("{\"status\":\"REVOKED\",\"revocation_reason\":1}")]
    [InlineData("{\"status\":\"REVOKED\",\"revocation_reason\":\"Lost\"}")]
    public async Task An_unknown_revocation_reason_is_refused_and_nothing_changes(string body)
    {
        await lamassu.CreateCAAsync("ca");
        var serialNumber = await lamassu.SignAsync("ca", "leaf");

        var answer = await lamassu.CARaw("PUT", $"/v1/certificates/{serialNumber}/status", body);

        Assert.Equal((400, "unsupported revocation code"), (answer.Status, answer.Error));
        Assert.Equal("ACTIVE", (string?)lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber)!["status"]);
    }

    [Fact]
    public async Task Names_are_matched_in_any_case_unknown_ones_dropped_and_only_the_first_value_is_read()
    {
        var answer = await lamassu.CARaw(
            "POST",
            "/v1/profiles",
            """{"NAME":"first","Validity":{"Type":"Duration","DURATION":"2400h"},"Key_Usage":"CertSign","color":"red","name":"last"} rest""");

        Assert.Equal(201, answer.Status);
        Assert.Equal("last", (string?)answer.Json["name"]);
        Assert.Equal("14w2d", (string?)answer.Json["validity"]!["duration"]);
        Assert.Equal(["CertSign"], answer.Json["key_usage"]!.AsArray().Select(usage => (string?)usage));
        Assert.Null(answer.Json["extended_key_usages"]);
        Assert.False(answer.Json.ContainsKey("color"));
    }

    [Theory]
    [InlineData("100d", "14w2d")]
    [InlineData("30d", "4w2d")]
    [InlineData("364d", "1y")]
    [InlineData("365d", "1y1d")]
    [InlineData("3650d", "10y1w3d")]
    [InlineData("90m", "1h30m")]
    [InlineData("1500ms", "1s500ms")]
    [InlineData("1.5h", "1h30m")]
    [InlineData("3µs", "3us")]
    [InlineData("1h1y", "1y1h")]
    public async Task Durations_come_back_in_another_spelling(string sent, string printed)
    {
        var answer = await lamassu.CA(
            "POST", "/v1/profiles", LamassuBodies.Profile(new JsonObject { ["validity"] = new JsonObject { ["type"] = "Duration", ["duration"] = sent } }));

        Assert.Equal(printed, (string?)answer.Json["validity"]!["duration"]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0s")]
    public async Task A_profile_without_duration_does_not_print_one(string sent)
    {
        var answer = await lamassu.CA(
            "POST", "/v1/profiles", LamassuBodies.Profile(new JsonObject { ["validity"] = new JsonObject { ["type"] = "Time", ["duration"] = sent } }));

        Assert.False(answer.Json["validity"]!.AsObject().ContainsKey("duration"));
        Assert.Equal("0001-01-01T00:00:00Z", (string?)answer.Json["validity"]!["time"]);
    }

    [Fact]
    public async Task Metadata_keeps_its_names_and_loses_digits_of_great_numbers()
    {
        var device = LamassuBodies.Device("dev-1");
        device["metadata"] = JsonNode.Parse("""{"b":9007199254740993,"B":1.50,"a":{"z":1,"y":null},"n":1e2}""");

        var answer = await lamassu.Devices("POST", "/v1/devices", device);

        Assert.Equal("""{"B":1.5,"a":{"y":null,"z":1},"b":9007199254740992,"n":100}""", answer.Json["metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task Fresh_objects_have_nanoseconds_and_later_reads_microseconds()
    {
        var created = (await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("dev-1"))).Json;
        lamassu.Time.Advance(TimeSpan.FromTicks(12345678));
        var second = (await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("dev-2"))).Json;

        Assert.Equal("2026-03-01T12:00:01.234567838Z", (string?)second["creation_timestamp"]);
        var read = (await lamassu.Devices("GET", "/v1/devices/dev-2")).Json;
        Assert.Equal("2026-03-01T12:00:01.234567Z", (string?)read["creation_timestamp"]);
        Assert.Equal("2026-03-01T12:00:01.234567838Z", Assert.Single(read["events"]!.AsObject()).Key);
        Assert.NotEqual((string?)created["creation_timestamp"], (string?)second["creation_timestamp"]);
    }

    [Theory]
    [InlineData("!!!", "illegal base64 data at input byte 0")]
    [InlineData("", "missing cert block")]
    [InlineData("bm8gcGVt", "missing cert block")]
    [InlineData("LS0tLS1CRUdJTiBYLS0tLS0KQUFBQQotLS0tLUVORCBYLS0tLS0K", "x509: malformed certificate")]
    public async Task Certificates_must_be_base64_of_pem(string text, string error)
    {
        var answer = await lamassu.CA("POST", "/v1/cas/import", new JsonObject { ["id"] = "ca", ["ca"] = text });

        Assert.Equal((400, error), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Serial_numbers_are_compared_as_text()
    {
        await lamassu.CreateCAAsync("ca");
        var serialNumber = await lamassu.SignAsync("ca", "leaf");

        Assert.Equal(200, (await lamassu.CA("GET", $"/v1/certificates/{serialNumber}")).Status);
        Assert.Equal(404, (await lamassu.CA("GET", $"/v1/certificates/{serialNumber.ToUpperInvariant()}g")).Status);
        Assert.Equal(404, (await lamassu.CA("GET", $"/v1/certificates/00{serialNumber}")).Status);
    }
}
